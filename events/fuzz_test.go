package events_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"testing"

	"prowatch/events"
)

var accountID = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$`)

// FuzzDecode checks that any payload gives either an event or a short error,
// that accounts are ids, each once, and that they survive as a direct call.
func FuzzDecode(f *testing.F) {
	files, err := filepath.Glob("samples/*.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("no samples: %v", err)
	}
	for _, file := range files {
		payload, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(payload)
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		e, err := events.Decode(payload)
		if (e == nil) != (err != nil) {
			t.Fatalf("got both or neither: %v, %v", e, err)
		}
		if err != nil && len(err.Error()) > 2<<10 {
			t.Errorf("got an error of %d bytes, want at most 2 KiB", len(err.Error()))
		}
		switch e := e.(type) {
		case events.Tick:
			checkAccounts(t, e.Accounts)
		case events.Direct:
			checkAccounts(t, e.Accounts)
		}
	})
}

func checkAccounts(t *testing.T, ids []string) {
	seen := map[string]bool{}
	for _, id := range ids {
		if !accountID.MatchString(id) || seen[id] {
			t.Errorf("%q is no account id, or is there twice", id)
		}
		seen[id] = true
	}
	call, err := json.Marshal(map[string]any{"action": "check", "accounts": ids})
	if err != nil {
		t.Fatal(err)
	}
	again, err := events.Decode(call)
	if want := (events.Direct{Accounts: ids}); err != nil || !reflect.DeepEqual(again, events.Event(want)) {
		t.Errorf("Decode(%s)\n got %v, %v\nwant %v", call, again, err, want)
	}
}
