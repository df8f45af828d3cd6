package app

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"prowatch/emulator"
)

// A key that is rotated where a reference names it is found there, without a
// restart and without a false alarm.
func TestAKeyThatWasRotatedIsReadAgain(t *testing.T) {
	e := emulator.New(&emulator.Options{Accounts: map[string]string{"AKIDold": "old-key-0123", "AKIDnew": "new-key-0123"}, Rate: -1})
	srv := httptest.NewServer(e)
	defer srv.Close()
	dir := t.TempDir()
	write := func(id, key string) {
		for name, text := range map[string]string{"id": id, "key": key} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	write("AKIDold", "old-key-0123")
	a, err := open(t, `
accounts: [{id: acme, secret_id: "${file:`+filepath.ToSlash(dir)+`/id}", secret_key: "${file:`+filepath.ToSlash(dir)+`/key}", endpoint: "`+srv.URL+`"}]
channels: {out: {type: stdout}}
`)
	if err != nil {
		t.Fatal(err)
	}
	checked := func(want int) {
		t.Helper()
		report, err := a.Run(t.Context(), nil)
		if err != nil || report.Counts().Checked != want {
			t.Errorf("got %+v, %v, want %d checked", report, err, want)
		}
	}
	checked(1)
	if err := e.SetAccount("AKIDold", "gone-key-0123", ""); err != nil {
		t.Fatal(err)
	}
	checked(0) // the file has the old key still
	write("AKIDnew", "new-key-0123")
	checked(0) // it was read less than a minute ago
	a.keys.reread.at = time.Now().Add(-rereadEvery)
	checked(1)
	if last := e.Requests(); !strings.Contains(last[0].Request.Header["Authorization"]+last[len(last)-1].Request.Header["Authorization"], "AKIDnew") {
		t.Error("the new key was not used")
	}
}
