package scf_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"prowatch/fanout/scf"
	"prowatch/fanout/scf/scftest"
	"prowatch/watch"
)

func platform() *scftest.Platform {
	return &scftest.Platform{SecretID: "AKIDrole", SecretKey: "very-secret-key", Token: "very-secret-token",
		Name: "prowatch", Namespace: "default", Region: "ap-singapore"}
}

func role(context.Context) (scf.Credentials, error) {
	return scf.Credentials{SecretID: "AKIDrole", SecretKey: "very-secret-key", Token: "very-secret-token"}, nil
}

func open(t *testing.T, h http.Handler, queue string, opts scf.Options) *scf.Queue {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	if opts.Credentials == nil {
		opts.Credentials = role
	}
	q, err := scf.Open(queue+"endpoint="+srv.URL, opts)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

var self = scf.Function{Name: "prowatch", Namespace: "default", Region: "ap-singapore"}

func put(t *testing.T, q *scf.Queue, body string) error {
	t.Helper()
	faults := q.Put(t.Context(), []watch.Call{{Body: []byte(body)}})
	if len(faults) != 1 {
		t.Fatalf("got %d answers for one call", len(faults))
	}
	return faults[0]
}

func TestTheFunctionIsInvoked(t *testing.T) {
	for _, queue := range []string{"scf:self?", "scf:prowatch?region=ap-singapore&", "scf:prowatch?region=ap-singapore&namespace=default&qualifier=$LATEST&site=cn&"} {
		p := platform()
		const call = `{"action":"check","accounts":["acme-生产"]}`
		if err := put(t, open(t, p, queue, scf.Options{Self: self}), call); err != nil {
			t.Errorf("%s: %v", queue, err)
		}
		if event, _ := p.Take(func(int) int { return 0 }); string(event) != call {
			t.Errorf("%s: the function got %s", queue, event)
		}
	}
}

func TestTheLargestBatchFits(t *testing.T) {
	p := platform()
	q := open(t, p, "scf:self?", scf.Options{Self: self})
	ids := strings.Repeat(`"`+strings.Repeat("a", 64)+`",`, q.Limits().Accounts)
	if err := put(t, q, `{"action":"check","accounts":[`+strings.TrimSuffix(ids, ",")+`]}`); err != nil {
		t.Errorf("%d accounts: %v", q.Limits().Accounts, err)
	}
}

func TestOpenSaysWhatToWriteInstead(t *testing.T) {
	for _, tt := range []struct {
		queue, want string
		self        scf.Function
	}{
		{"scf:self", "scf:self is known inside of SCF alone: write scf:NAME?region=", scf.Function{}},
		{"scf:", "it names no function", self},
		{"scf:prowatch", "it names no region: add ?region=", self},
		{"scf:self?regoin=x", `unknown parameter "regoin": there are namespace, region`, self},
		{"scf:self?region=", "parameter region needs one value", self},
		{"scf:self?site=eu", "site \"eu\" is unknown: use intl or cn", self},
		{"scf:self?endpoint=http://scf.example.com", "endpoint is not encrypted", self},
		{"scf:self?endpoint=https://u:p@example.com", "endpoint is no server", self},
	} {
		if _, err := scf.Open(tt.queue, scf.Options{Credentials: role, Self: tt.self}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", tt.queue, err, tt.want)
		}
	}
}

func TestARefusalForNowIsTriedAgain(t *testing.T) {
	p := platform()
	p.Refuse = func(n int) string { return []string{"RequestLimitExceeded", "InternalError.System", ""}[n] }
	if err := put(t, open(t, p, "scf:self?", scf.Options{Self: self}), "{}"); err != nil || p.Requests() != 3 {
		t.Errorf("after %d requests got %v, want it taken at the third", p.Requests(), err)
	}
}

func TestARefusalSaysItsMendAndNoSecret(t *testing.T) {
	for code, mend := range map[string]string{
		"UnauthorizedOperation.CAM":     "allow scf:InvokeFunction",
		"AuthFailure.SecretIdNotFound":  "scf:self?site=cn",
		"ResourceNotFound.FunctionName": "correct fanout.queue",
	} {
		p := platform()
		p.Refuse = func(int) string { return code }
		err := put(t, open(t, p, "scf:self?", scf.Options{Self: self}), "{}")
		if err == nil || !strings.Contains(err.Error(), mend) || p.Requests() != 1 || strings.Contains(err.Error(), "very-secret") {
			t.Errorf("%s after %d requests: %v, want once and %s", code, p.Requests(), err, mend)
		}
	}
}

// TestAnAnswerThatProvesNothingIsNone has answers of servers that are not SCF.
func TestAnAnswerThatProvesNothingIsNone(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"a page":    func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("<html>")) },
		"no result": func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(`{"Response":{"RequestId":"r"}}`)) },
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		},
		"an echo": func(w http.ResponseWriter, r *http.Request) {
			w.Write([]byte(`{"Response":{"RequestId":"r","Error":{"Code":"AuthFailure.TokenFailure","Message":"` + r.Header.Get("X-TC-Token") + `"}}}`))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := put(t, open(t, h, "scf:self?", scf.Options{Self: self}), "{}"); err == nil || strings.Contains(err.Error(), "very-secret") {
				t.Errorf("got %v, want an error without a secret", err)
			}
		})
	}
}

func TestWithoutARoleNobodyIsAsked(t *testing.T) {
	p := platform()
	none := func(context.Context) (scf.Credentials, error) { return scf.Credentials{}, nil }
	if err := put(t, open(t, p, "scf:self?", scf.Options{Self: self, Credentials: none}), "{}"); err == nil || !strings.Contains(err.Error(), "execution role") || p.Requests() != 0 {
		t.Errorf("got %v after %d requests", err, p.Requests())
	}
	gone := errors.New("the metadata service is gone")
	lost := func(context.Context) (scf.Credentials, error) { return scf.Credentials{}, gone }
	if err := put(t, open(t, p, "scf:self?", scf.Options{Self: self, Credentials: lost}), "{}"); !errors.Is(err, gone) {
		t.Errorf("got %v", err)
	}
}
