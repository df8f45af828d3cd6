package config_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"prowatch/config"
	"prowatch/config/strict"
)

// FuzzLoad checks that whatever is read is either settings that can be run, or
// problems of one line each, with a place, without the secret.
func FuzzLoad(f *testing.F) {
	f.Add(readEveryKey(f))
	f.Add([]byte(account + channel))
	f.Add([]byte("a: &a [*a, *b]\n<<: *a\n? k\n: v\n"))
	f.Add([]byte("accounts: [{id: '${env:KEY}', secret_id: ${file:/run/key}, site: \"${env:KEY}\"}]\n"))
	f.Add([]byte("accounts: [{id: '\r\r${env:KEY}'}]"))
	f.Add([]byte("%YAML 1.2\n---\n!!str x: |\n  y\n...\n--- z\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := config.Load(t.Context(), "c.yaml", data, options())
		if err == nil {
			checkSettings(t, s)
			return
		}
		var ps strict.Problems
		if !errors.As(err, &ps) {
			t.Fatalf("got %T, want strict.Problems", err)
		}
		for _, p := range ps {
			text := p.String()
			if p.Pos.Line < 1 || p.Pos.Column < 0 || strings.Contains(text, "\n") || !strings.HasPrefix(text, "c.yaml:") {
				t.Errorf("got the problem %q", text)
			}
			if strings.Contains(text, secret) && !strings.Contains(string(data), secret) {
				t.Errorf("the problem holds the secret: %q", text)
			}
		}
	})
}

// checkSettings checks what the rest of the program relies on.
func checkSettings(t *testing.T, s *config.Settings) {
	t.Helper()
	names := map[string]bool{}
	for _, c := range s.Channels {
		names[c.Name] = true
		if c.Config == nil || c.Type == "" {
			t.Errorf("channel %q has no type or no settings", c.Name)
		}
	}
	ids := map[string]bool{}
	for _, a := range s.Accounts {
		if a.ID == "" || len(a.ID) > 64 || a.ID[0] == '.' || ids[a.ID] || a.SecretID == "" || a.SecretKey == "" || a.Site != "intl" && a.Site != "cn" {
			t.Errorf("account %q is not whole", a.ID)
		}
		ids[a.ID] = true
		p := a.Policy
		if p.Zone == nil || p.Confirm < 1 || p.FailingAfter < 1 || p.StaleAfter <= 0 || len(p.Thresholds) == 0 || slices.Min(p.Thresholds) <= 0 {
			t.Errorf("account %q has the policy %+v", a.ID, p)
		}
	}
	if len(ids) == 0 || len(names) == 0 || len(s.Routes) == 0 || s.Concurrency < 1 {
		t.Errorf("got %d accounts, %d channels, %d routes, concurrency %d", len(ids), len(names), len(s.Routes), s.Concurrency)
	}
	for i, r := range s.Routes {
		m := r.Match
		if last := i == len(s.Routes)-1; last && len(m.Severity)+len(m.Type)+len(m.Account)+len(m.Labels) > 0 {
			t.Error("the last route does not match everything")
		}
		for _, c := range r.Channels {
			if !names[c] {
				t.Errorf("route %d goes to %q, which is no channel", i, c)
			}
		}
	}
}
