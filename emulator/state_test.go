package emulator_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"prowatch/emulator"
)

func TestAStateIsSavedAndLoaded(t *testing.T) {
	opts := withRole()
	one, other := atNoon(opts), atNoon(opts)
	set(t, one, "PUT", "accounts/AKIDhub/edition", `{"BuyStatus":"Isolate","EndTime":null,"CoresCnt":1.0}`)
	set(t, one, "PUT", "accounts/AKIDhub/timeline", `[{"at":"2026-05-01T00:00:00Z","edition":{"BuyStatus":"Pending"}}]`)
	set(t, one, "PUT", "accounts/AKIDhub/purchase-state", `{"AutomaticRenewal":1}`)
	set(t, one, "PUT", "accounts/AKIDmember/faults", `[{"code":"InternalError","times":0,"chance":0.5,"seed":7,"action":"DescribeProVersionInfo"},{"delay":"2s","nth":3}]`)
	set(t, one, "PUT", "clock", `{"now":"2026-04-30T23:00:00+08:00","speed":60}`)
	name := filepath.Join(t.TempDir(), "state.json")
	if err := one.Save(name); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(name)
	if err != nil || strings.Contains(string(b), "-key") {
		t.Errorf("the file holds a key, or %v:\n%s", err, b)
	}
	if err := other.Load(name); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(one.State(), other.State(), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("loaded otherwise (-saved +loaded):\n%s", diff)
	}
	set(t, other, "PUT", "accounts/AKIDstranger/edition", `{"BuyStatus":"Pending"}`)
	if err := other.Restore(emulator.State{Format: 1}); err != nil {
		t.Fatal(err)
	}
	if ed, _ := other.Edition("AKIDstranger"); ed["BuyStatus"] != "Normal" || len(other.Roles()) != 0 {
		t.Errorf("edition = %v, roles = %v; want what the state does not name to be as new", ed, other.Roles())
	}
	if err := other.Load(name); err != nil {
		t.Fatal(err)
	}
	if got := send(t, other, ask{id: "AKIDhub", key: "hub-key"}.tc3()).Response; got["BuyStatus"] != "Isolate" || got["EndTime"] != nil {
		t.Errorf("Response = %v, want what was set", got)
	}
}

func TestAStateThatCannotBeChangesNothing(t *testing.T) {
	e := atNoon(emulator.Options{})
	set(t, e, "PUT", account+"edition", `{"BuyStatus":"Isolate"}`)
	before := e.State()
	for _, tt := range []struct {
		name, state, mention string
		kind                 error
	}{
		{"another format", `{"format":2,"accounts":{}}`, "format 2", emulator.ErrInvalid},
		{"no format", `{}`, "format 0", emulator.ErrInvalid},
		{"an unknown key", `{"format":1,"accounts":{},"keys":{}}`, "keys", emulator.ErrInvalid},
		{"an unknown account", `{"format":1,"accounts":{"AKIDnone":{"edition":{}}}}`, "AKIDnone", emulator.ErrNoAccount},
		{"a bad fault", `{"format":1,"accounts":{"AKIDEMULATOR":{"edition":{},"faults":[{}]}}}`, "fault 0", emulator.ErrInvalid},
		{"a bad clock", `{"format":1,"accounts":{},"clock":{"now":"2026-01-01T00:00:00Z","speed":-1}}`, "frozen", emulator.ErrInvalid},
		{"a bad role", `{"format":1,"accounts":{},"roles":{"x":{"account":"AKIDEMULATOR"}}}`, "role", emulator.ErrInvalid},
		{"a bad purchase state", `{"format":1,"accounts":{"AKIDEMULATOR":{"edition":{},"purchase_state":{"x":1}}}}`, "State", emulator.ErrInvalid},
		{"half a file", `{"format":1,`, "unexpected", emulator.ErrInvalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "state.json")
			if err := os.WriteFile(name, []byte(tt.state), 0o600); err != nil {
				t.Fatal(err)
			}
			err := e.Load(name)
			if !errors.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.mention) {
				t.Errorf("error = %v, want %v mentioning %q", err, tt.kind, tt.mention)
			}
			if status, _ := admin(t, e, "PUT", "state", tt.state); status < 400 {
				t.Errorf("by the admin API: %d, want it refused", status)
			}
			if diff := cmp.Diff(before, e.State()); diff != "" {
				t.Errorf("changed (-before +after):\n%s", diff)
			}
		})
	}
	if err := e.Load(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error = %v, want that there is no file", err)
	}
}

func TestTheSameSeedGivesTheSameRequestIDs(t *testing.T) {
	ids := func() (got []any) {
		e := atNoon(emulator.Options{Random: &counter{}})
		for range 3 {
			got = append(got, send(t, e, ask{}.tc3()).Response["RequestId"])
		}
		return got
	}
	if diff := cmp.Diff(ids(), ids()); diff != "" {
		t.Errorf("differ:\n%s", diff)
	}
}

// counter is a reader of bytes that count up.
type counter struct{ n byte }

func (c *counter) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = c.n
		c.n++
	}
	return len(p), nil
}

func TestAnAccountIsAddedByTheAdminAPI(t *testing.T) {
	e := atNoon(emulator.Options{Now: func() time.Time { return noon }})
	set(t, e, "PUT", "accounts/AKIDmore", `{"secret_key":"more-key"}`)
	if got := send(t, e, ask{id: "AKIDmore", key: "more-key"}.tc3()); got.err.Code != "" {
		t.Errorf("answer = %v", got.err)
	}
	if status, body := admin(t, e, "PUT", "accounts/AKIDmore", `{}`); status != 400 || !strings.Contains(body, "key") {
		t.Errorf("without a key: %d %s", status, body)
	}
}

func TestAPartialStateIsLaidOverTheExample(t *testing.T) {
	e := atNoon(emulator.Options{})
	set(t, e, "PUT", "state", `{"format":1,"accounts":{"AKIDEMULATOR":{"edition":{"BuyStatus":"Isolate"}}}}`)
	if got := send(t, e, ask{}.tc3()).Response; got["BuyStatus"] != "Isolate" || got["ResourceId"] != "xx" {
		t.Errorf("Response = %v, want the rest of the example, too", got)
	}
	if err := e.ReplaceEdition(emulator.DefaultSecretID, emulator.Edition{"BuyStatus": "Isolate"}); err != nil {
		t.Fatal(err)
	}
	if err := e.Restore(e.State()); err != nil {
		t.Fatal(err)
	}
	if got := send(t, e, ask{}.tc3()).Response; len(got) != 2 {
		t.Errorf("Response = %v, want the one field that was left", got)
	}
}

func TestAResetReturnsToTheStart(t *testing.T) {
	e := atNoon(emulator.Options{Rate: -1})
	start := `{"format":1,"clock":{"now":"2026-02-01T00:00:00Z","speed":0},"accounts":{"AKIDEMULATOR":{
		"edition":{"CoresCnt":7},"timeline":[{"at":"2026-02-02T00:00:00Z","edition":{"BuyStatus":"Isolate"}}],"faults":[{"code":"InternalError","times":2}]}}}`
	set(t, e, "PUT", "state", start)
	e.KeepAsStart()
	for range 2 {
		before := e.State()
		send(t, e, ask{}.tc3()) // It uses the fault up in part.
		set(t, e, "PUT", "clock", `{"now":"2026-03-01T00:00:00Z"}`)
		set(t, e, "PUT", account+"edition", `{"CoresCnt":8}`)
		set(t, e, "POST", "reset", "")
		if diff := cmp.Diff(before, e.State(), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("reset otherwise (-start +reset):\n%s", diff)
		}
	}
}
