package webhook_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"prowatch/notify"
	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/notify/webhook"
	"prowatch/watch"
)

// Secrets whose base64 has every character that an echo may escape.
const (
	secret = "whsec_+/A7Zk3vq8+/B2c0n4ry/x9Yw+Qm1LsT5uHd8eRfGgI="
	older  = "whsec_b2xkZXItc2VjcmV0LW9mLTMyLWJ5dGVzLWxvbmchISE="
	path   = "/in/c4n4ry-hook-7f3a9c1e77aa?token=c4n4ry%2Btoken"
)

func open(t *testing.T, url, secret string, client *http.Client) watch.Notifier {
	t.Helper()
	n, err := webhook.New(webhook.Config{Address: notify.Address{URL: url}, Secret: secret}, notify.Deps{Client: client})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestContract(t *testing.T) {
	refused := func(status int, want watch.Result) notifytest.Refusal {
		return notifytest.Refusal{Name: http.StatusText(status),
			Fault: sink.Fault{Status: status, Body: "no"}, Want: watch.Outcome{Result: want, Code: code(status)}}
	}
	h := notifytest.Harness{
		New: func(t *testing.T, base string, client *http.Client) watch.Notifier {
			return open(t, base+path, secret, client)
		},
		Sink:           func() *sink.Sink { return sink.NewWebhook(secret, nil) },
		Secrets:        []string{secret, strings.TrimPrefix(secret, "whsec_"), "c4n4ry-hook-7f3a9c1e77aa", "c4n4ry+token"},
		ProvedByStatus: true,
		Single:         true,
		Silent:         true,
		Shows: func(m watch.Message) []string {
			n := m.Items[0].Notice
			want := []string{`"id": "` + m.ID + `"`, `"specversion": "1.0"`, `"type": "prowatch.` + string(n.Type) + `"`}
			if !n.EndTime.IsZero() {
				want = append(want, n.EndTime.Format(time.RFC3339))
			}
			return want
		},
		Refusals: []notifytest.Refusal{
			refused(400, watch.Permanent), refused(401, watch.Permanent), refused(405, watch.Permanent),
			refused(410, watch.Permanent), refused(413, watch.Permanent), refused(415, watch.Permanent),
			refused(422, watch.Permanent), refused(425, watch.Retry), refused(429, watch.Retry), refused(503, watch.Retry),
			{Name: "queued", Fault: sink.Fault{Status: 202}, Want: watch.Outcome{Result: watch.Accepted}},
			{Name: "taken without a word", Fault: sink.Fault{Status: 204}, Want: watch.Outcome{Result: watch.Sent}},
		},
	}
	notifytest.Run(t, h)
}

func code(status int) string { b, _ := json.Marshal(status); return string(b) }

// received sends m to a receiver with secrets and returns what it got.
func received(t *testing.T, m watch.Message, secrets string) sink.Message {
	t.Helper()
	first, _, _ := strings.Cut(secrets, " ")
	s := sink.NewWebhook(first, nil)
	server := httptest.NewServer(s)
	defer server.Close()
	if out := open(t, server.URL+path, secrets, server.Client()).Send(t.Context(), m); out.Result != watch.Sent {
		t.Fatalf("Send = %+v, want sent", out)
	}
	return s.Messages()[0]
}

func TestStandardWebhooksVerifies(t *testing.T) {
	got := received(t, notifytest.Find("failing-throttled"), secret+" "+older)
	for _, key := range []string{secret, older} {
		v, err := standardwebhooks.NewWebhook(key)
		if err != nil {
			t.Fatal(err)
		}
		if err := v.Verify(got.Body, got.Header); err != nil {
			t.Errorf("the library refuses the signature of a rotated secret: %v", err)
		}
		if v.Verify(append(got.Body, ' '), got.Header) == nil {
			t.Error("the library takes a body that was changed")
		}
	}
	other, _ := standardwebhooks.NewWebhook("whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 32)))
	if other.Verify(got.Body, got.Header) == nil {
		t.Error("the library takes the signature with another secret")
	}
}

func TestWithoutASecretNothingIsSigned(t *testing.T) {
	got := received(t, notifytest.Find("expiry-3d"), "")
	if sig := got.Header.Get("webhook-signature"); sig != "" {
		t.Errorf("an unsigned request has the signature %q", sig)
	}
}

func TestCloudEventsValidates(t *testing.T) {
	for _, c := range notifytest.Cases() {
		t.Run(c.Name, func(t *testing.T) {
			got := received(t, c.Message, secret)
			var e event.Event
			if err := json.Unmarshal(got.Body, &e); err != nil {
				t.Fatal(err)
			}
			if err := e.Validate(); err != nil {
				t.Errorf("the SDK refuses the event: %v", err)
			}
			if len(e.Extensions()) > 0 {
				t.Errorf("extensions %v, want none", e.Extensions())
			}
			want := c.Message.Items[0].Notice
			if e.Source() != "/prowatch/accounts/"+want.Account || e.Subject() != want.Account || !e.Time().Equal(want.At) {
				t.Errorf("source %q, subject %q, time %v", e.Source(), e.Subject(), e.Time())
			}
			var notice watch.Notice
			if err := e.DataAs(&notice); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, notice); diff != "" {
				t.Errorf("the data is not the notice (-want +got):\n%s", diff)
			}
		})
	}
}

func TestGolden(t *testing.T) {
	var all strings.Builder
	for _, c := range notifytest.Cases() {
		all.WriteString(received(t, c.Message, secret).Text + "\n")
	}
	notifytest.Golden(t, "events.json", all.String())
}

func TestBadConfigs(t *testing.T) {
	for _, tt := range []struct {
		name, url, secret, want string
	}{
		{"no url", "", secret, "url: is missing"},
		{"in the clear", "http://example.com/", secret, "url: is http://"},
		{"no prefix", "https://example.com/", strings.TrimPrefix(secret, "whsec_"), "secret: must begin with whsec_"},
		{"no base64", "https://example.com/", "whsec_canary!canary", "secret: is no base64"},
		{"too short", "https://example.com/", "whsec_Y2FuYXJ5", "secret: holds 6 bytes"},
		{"the second of two", "https://example.com/", secret + " canary", "secret: must begin with whsec_"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := webhook.New(webhook.Config{Address: notify.Address{URL: tt.url}, Secret: tt.secret}, notify.Deps{})
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Fatalf("New = %v, want %q …", err, tt.want)
			}
			if strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), secret) {
				t.Errorf("the error holds the secret: %v", err)
			}
		})
	}
}
