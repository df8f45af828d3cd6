package events_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"prowatch/events"
)

var accountID = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$`)

// FuzzDecode checks that any payload gives either an event or a short error,
// that accounts are ids, each once, and survive as a direct call, and that a
// request is what it says, survives as a request to a function URL, and has an
// answer.
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
			checkPart(t, e.Sweep, e.Accounts)
		case *events.Request:
			checkRequest(t, e)
		case events.Batch:
			if len(e.Messages) == 0 || len(e.Messages) > 10_000 {
				t.Errorf("got %d messages", len(e.Messages))
			}
			for _, m := range e.Messages {
				if m.ID == "" || m.Err != nil && m.Accounts != nil {
					t.Errorf("got the message %+v", m)
				}
				checkAccounts(t, m.Accounts)
				checkPart(t, m.Sweep, m.Accounts)
			}
		}
	})
}

func checkPart(t *testing.T, p *events.Part, accounts []string) {
	if p != nil && (p.Sweep == "" || p.Batch < 0 || p.Batch >= p.Of || len(accounts) == 0) {
		t.Errorf("got the batch %+v of %d accounts", p, len(accounts))
	}
}

func checkRequest(t *testing.T, r *events.Request) {
	if p := strings.TrimSuffix(r.Path, "/"); r.Path != "/" && path.Clean(r.Path) != p || !strings.HasPrefix(r.Path, "/") {
		t.Errorf("the path %q is not clean", r.Path)
	}
	for name, values := range r.Header {
		if http.CanonicalHeaderKey(name) != name || strings.ContainsAny(strings.Join(values, ""), "\r\n\x00") {
			t.Errorf("the header %q: %q is none", name, values)
		}
	}
	if _, err := http.NewRequest(r.Method, (&url.URL{Path: r.Path}).String(), nil); err != nil {
		t.Errorf("%s %q is no request: %v", r.Method, r.Path, err)
	}
	event, err := json.Marshal(map[string]any{
		"rawPath": (&url.URL{Path: r.Path}).EscapedPath(), "rawQueryString": r.Query.Encode(), "headers": r.Header,
		"body": base64.StdEncoding.EncodeToString(r.Body), "isBase64Encoded": true,
		"requestContext": map[string]any{"http": map[string]string{"method": r.Method}},
	})
	if err != nil {
		t.Fatal(err)
	}
	e, err := events.Decode(event)
	again, ok := e.(*events.Request)
	if err != nil || !ok {
		t.Fatalf("Decode(%s): %v", event, err)
	}
	if again.Method != r.Method || again.Path != r.Path || again.Query.Encode() != r.Query.Encode() || !bytes.Equal(again.Body, r.Body) {
		t.Errorf("got  %+v\nwant %+v", again, r)
	}
	checkAnswer(t, r)
}

func checkAnswer(t *testing.T, r *events.Request) {
	answer, err := r.Answer(&events.Response{Status: 200, Header: r.Header, Body: r.Body})
	if errors.Is(err, events.ErrTooLarge) {
		return
	}
	var got struct {
		StatusCode      int
		Body            string
		IsBase64Encoded bool
	}
	if err := errors.Join(err, json.Unmarshal(answer, &got)); err != nil || got.StatusCode != 200 {
		t.Fatalf("got the answer %s (%v)", answer, err)
	}
	body := []byte(got.Body)
	if got.IsBase64Encoded {
		body, err = base64.StdEncoding.DecodeString(got.Body)
	}
	if err != nil || r.Method != "HEAD" && !bytes.Equal(body, r.Body) {
		t.Errorf("got the body %q (%v)\nwant %q", body, err, r.Body)
	}
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
