package httpapi_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"prowatch/watch"
)

// TestTheWordsOfLifeAreShown gives a word of life and looks where people and
// programs do.
func TestTheWordsOfLifeAreShown(t *testing.T) {
	s, d := newStage(t, nil), readDocument(t)
	life := watch.Life{Channel: "sec", Next: func(after time.Time) time.Time { return after.Add(time.Hour) }}
	for range 2 {
		s.runner.Alive(t.Context(), life, &watch.Report{})
		s.pass(2 * time.Hour)
	}
	const word = `"type":"watch.alive"`
	for path, want := range map[string]bool{
		"/api/v1/notices":                             true,
		"/api/v1/notices?account=.watch":              true,
		"/api/v1/notices?account=.watch&account=acme": true,
		"/api/v1/notices?account=acme":                false,
	} {
		a := s.get(t, path)
		if err := d.conforms(operation{"GET", "/api/v1/notices"}, a); err != nil || a.StatusCode != 200 || strings.Contains(a.body, word) != want {
			t.Errorf("%s: %v: got %v, want a word of life: %t", path, err, a, want)
		}
	}
	if a := s.get(t, "/api/v1/notices?account=.watch"); strings.Contains(a.body, `"account":"acme","at"`) {
		t.Errorf("beside the words of life there is %v", a)
	}
	for path, want := range map[string]bool{"/": true, "/accounts/acme": false} {
		if a := s.get(t, path); a.StatusCode != 200 || strings.Contains(a.body, "Word of life") != want {
			t.Errorf("%s: want a word of life: %t, got %v", path, want, a)
		}
	}
}

func TestAHandedOutRunIsAnsweredAsDocumented(t *testing.T) {
	s, d := newStage(t, nil), readDocument(t)
	s.check = func(context.Context, []string) (*watch.Report, error) { return &watch.Report{HandedOut: 300}, nil }
	a := s.do(t, request{method: "POST", path: "/api/v1/check", token: operateToken})
	if err := d.conforms(operation{"POST", "/api/v1/check"}, a); err != nil || !strings.Contains(a.body, `"handed_out":300`) {
		t.Errorf("%v: got %v", err, a)
	}
	cookies, csrf := s.signIn(t, operateToken)
	if got := s.do(t, form("/actions/check", url.Values{"csrf": {csrf}, "next": {"/"}}, cookies)).Header.Get("Location"); got != "/?done=handedout" {
		t.Errorf("the form leads to %s", got)
	}
	if a := s.get(t, "/?done=handedout"); !strings.Contains(a.body, "Handed to the workers") {
		t.Errorf("the page says nothing of it: %v", a)
	}
	s.check = func(context.Context, []string) (*watch.Report, error) { return &watch.Report{}, nil }
	a = s.do(t, request{method: "POST", path: "/api/v1/check", token: operateToken})
	if err := d.conforms(operation{"POST", "/api/v1/check"}, a); err != nil || a.StatusCode != 409 {
		t.Errorf("%v: got %v, want 409 while the workers are at it", err, a)
	}
}

// TestAPageOfAnAccountThatLeftSaysSo follows a link that an old message holds.
func TestAPageOfAnAccountThatLeftSaysSo(t *testing.T) {
	s, d := newStage(t, nil), readDocument(t)
	for accept, want := range map[string]string{"text/html,*/*": "may have left the configuration", "*/*": `"status":404`} {
		a := s.do(t, request{method: "GET", path: "/accounts/gone", token: readToken, header: http.Header{"Accept": {accept}}})
		if err := d.conforms(operation{"GET", "/accounts/{id}"}, a); err != nil || a.StatusCode != 404 || !strings.Contains(a.body, want) {
			t.Errorf("Accept: %s: %v: got %v", accept, err, a)
		}
	}
}

// TestAnAccountThatJoinsLaterIsNotOverdue lets an organisation grow while the
// process is days old: the run that is to check it has but begun.
func TestAnAccountThatJoinsLaterIsNotOverdue(t *testing.T) {
	s := newStage(t, nil)
	health := func() int { return s.do(t, request{method: "GET", path: "/healthz"}).StatusCode }
	s.run(t)
	if got := health(); got != 200 {
		t.Fatalf("got %d", got)
	}
	s.pass(48 * time.Hour)
	s.run(t)
	s.runner.Accounts = append(s.runner.Accounts, watch.Account{ID: "delta", Policy: watch.DefaultPolicy(), Source: s.runner.Accounts[1].Source})
	if got := health(); got != 200 {
		t.Errorf("got %d as soon as it is there", got)
	}
	s.pass(25 * time.Hour)
	s.run(t, "acme", "beta", "gamma")
	if got := health(); got != 503 {
		t.Errorf("got %d after a day without a check", got)
	}
}
