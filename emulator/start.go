package emulator

import (
	"maps"
	"net"
	"net/http"
	"slices"
	"time"
)

// TB is what [Start] needs of a *testing.T, *testing.B or *testing.F.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Start starts an emulator on a port of the loopback interface that ends with
// the test, and returns it with a client of its first account by name. The
// client's URL is where to point whatever is tested. opts may be nil.
func Start(t TB, opts *Options) (*Emulator, Client) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("starting an emulator: %v", err)
	}
	e := New(opts)
	s := &http.Server{Handler: e, ReadHeaderTimeout: time.Minute, DisableGeneralOptionsHandler: true}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Serve(l) // It ends with http.ErrServerClosed.
	}()
	t.Cleanup(func() {
		_ = s.Close()
		<-done
	})
	c := Client{URL: "http://" + l.Addr().String()}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(e.accounts)) {
		a := e.accounts[id]
		c.SecretID, c.Key, c.Token = id, a.key, a.token
		break
	}
	return e, c
}
