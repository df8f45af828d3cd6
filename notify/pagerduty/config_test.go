package pagerduty_test

import (
	"net/http"
	"strings"
	"testing"

	"prowatch/notify"
	"prowatch/notify/notifytest"
	"prowatch/notify/pagerduty"
)

func TestBadConfigs(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*pagerduty.Config)
		want   string // begins the error
	}{
		{"no key", func(c *pagerduty.Config) { c.RoutingKey = "" }, "routing_key: is missing"},
		{"two keys", func(c *pagerduty.Config) { c.RoutingKey = key + " " + key }, "routing_key: is missing or no key"},
		{"in the clear", func(c *pagerduty.Config) { c.URL = "http://example.com" }, "url: is http://"},
		{"a query", func(c *pagerduty.Config) { c.URL = "https://example.com/?key=" + key }, "url: has a query"},
		{"a language", func(c *pagerduty.Config) { c.Language = "tlh" }, `language: "tlh"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := config("")
			tt.change(&c)
			_, err := pagerduty.New(c, notify.Deps{})
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Fatalf("New = %v, want %q …", err, tt.want)
			}
			if strings.Contains(err.Error(), key) {
				t.Errorf("the error holds the key: %v", err)
			}
		})
	}
}

func TestAddresses(t *testing.T) {
	for base, want := range map[string]string{
		"":                                "https://events.pagerduty.com/v2/enqueue",
		"https://events.eu.pagerduty.com": "https://events.eu.pagerduty.com/v2/enqueue",
		"https://events.pagerduty.com/v2/enqueue": "https://events.pagerduty.com/v2/enqueue",
		"https://proxy.example.com/pd/":           "https://proxy.example.com/pd/v2/enqueue",
	} {
		var asked string
		client := &http.Client{Transport: roundTrip(func(r *http.Request) { asked = r.URL.String() })}
		open(t, config(base), notify.Deps{Client: client}).Send(t.Context(), notifytest.Find("expiry-3d"))
		if asked != want {
			t.Errorf("with url %q asked %q, want %q", base, asked, want)
		}
	}
}

type roundTrip func(*http.Request)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	f(r)
	return nil, http.ErrHandlerTimeout
}
