package oracles

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"prowatch/notify"
	"prowatch/notify/sink"
	"prowatch/notify/webhook"
	"prowatch/watch"
)

// signed is a request with the secrets that must verify it.
type signed struct {
	Header  http.Header `json:"header"`
	Body    string      `json:"body"`
	Secrets []string    `json:"secrets"`
}

// changed returns a request with one thing about it changed.
func (s signed) changed(f func(*signed)) json.RawMessage {
	s.Header = maps.Clone(s.Header)
	f(&s)
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return b
}

// TestStandardWebhooksAndCloudEvents verifies the signatures with the libraries
// of the specification's authors and of Svix, and the events with that of
// CloudEvents.
func TestStandardWebhooksAndCloudEvents(t *testing.T) {
	const secret, next = "whsec_+/A7Zk3vq8+/B2c0n4ry/x9Yw+Qm1LsT5uHd8eRfGgI=", "whsec_b2xkZXItc2VjcmV0LW9mLTMyLWJ5dGVzLWxvbmchISE="
	s := sink.NewWebhook(secret, nil)
	server := httptest.NewServer(s)
	defer server.Close()
	n, err := webhook.New(webhook.Config{Address: notify.Address{URL: server.URL}, Secret: secret + " " + next}, notify.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	good := map[string]json.RawMessage{}
	var one signed
	for _, c := range cases() {
		if len(c.Message.Items) > 1 {
			continue
		}
		before := len(s.Messages())
		if out := n.Send(t.Context(), c.Message); out.Result != watch.Sent {
			t.Fatalf("%s: %+v, want sent", c.Name, out)
		}
		m := s.Messages()[before]
		one = signed{m.Header, string(m.Body), []string{secret, next}}
		good[c.Name] = one.changed(func(*signed) {})
	}
	wantVerified(t, "signed.mjs", good, map[string]json.RawMessage{
		"another body":   one.changed(func(s *signed) { s.Body += " " }),
		"another id":     one.changed(func(s *signed) { s.Header.Set("Webhook-Id", "a1") }),
		"an old time":    one.changed(func(s *signed) { s.Header.Set("Webhook-Timestamp", "1700000000") }),
		"another secret": one.changed(func(s *signed) { s.Secrets = []string{"whsec_" + strings.Repeat("A", 32)} }),
		"no signature":   one.changed(func(s *signed) { s.Header.Del("Webhook-Signature") }),
		"no event":       one.changed(func(s *signed) { s.Secrets, s.Body = []string{}, `{"id":"a1"}` }),
	})
}
