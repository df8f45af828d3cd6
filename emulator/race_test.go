package emulator_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"prowatch/emulator"
)

// Everything at once, for the race detector; and the log has every request.
func TestEverythingMayBeCalledAtOnce(t *testing.T) {
	e := atNoon(emulator.Options{Rate: -1})
	calls := []func(i int){
		func(int) { e.ServeHTTP(httptest.NewRecorder(), ask{}.tc3()) },
		func(int) { e.ServeHTTP(httptest.NewRecorder(), ask{key: "wrong"}.v1(nil)) },
		func(i int) {
			_ = e.SetEdition(emulator.DefaultSecretID, emulator.Edition{"ResourceId": fmt.Sprint(i)})
		},
		func(int) {
			_ = e.SetFaults(emulator.DefaultSecretID, emulator.Fault{Code: "InternalError", Chance: 0.5})
		},
		func(i int) { _ = e.SetAccount(fmt.Sprintf("AKID%d", i), "k", "") },
		func(int) { _ = e.SetClock(emulator.Clock{Now: noon, Speed: 10}) },
		func(int) { _ = e.Restore(e.State()) },
		func(int) { _ = e.WriteScenario(io.Discard, emulator.DefaultSecretID) },
		func(int) {
			for _, path := range []string{"", "explorer", "log", "requests", "account/AKIDEMULATOR"} {
				r := httptest.NewRequest(http.MethodGet, "/_emulator/"+path, bytes.NewReader(nil))
				r.RemoteAddr, r.Host = "127.0.0.1:1", "localhost"
				w := httptest.NewRecorder()
				e.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					t.Errorf("%s: %d %s", path, w.Code, w.Body)
				}
			}
		},
	}
	var wg sync.WaitGroup
	for _, call := range calls {
		wg.Go(func() {
			for i := range 20 {
				call(i)
			}
		})
	}
	wg.Wait()
	for _, x := range e.Requests() {
		if len(x.Answer.RequestID) != 36 || !strings.HasPrefix(x.Answer.Body, `{"Response":{`) {
			t.Errorf("exchange = %+v", x)
		}
	}
}
