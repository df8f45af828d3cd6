package email_test

import (
	"strings"
	"testing"

	"prowatch/notify"
	"prowatch/notify/email"
	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/watch"
)

func TestConfigs(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*email.Config)
		want   string // begins the error, "" for none
	}{
		{"as it should be", func(*email.Config) {}, ""},
		{"IPv6", func(c *email.Config) { c.SMTP = "[::1]:25"; c.TLS = "none" }, ""},
		{"no server", func(c *email.Config) { c.SMTP = "" }, `smtp: "" is no host:port`},
		{"no port", func(c *email.Config) { c.SMTP = "smtp.example.com" }, `smtp: "smtp.example.com" is no host:port`},
		{"a port by name", func(c *email.Config) { c.SMTP = "smtp.example.com:smtp" }, "smtp:"},
		{"port 0", func(c *email.Config) { c.SMTP = "smtp.example.com:0" }, "smtp:"},
		{"a URL", func(c *email.Config) { c.SMTP = "smtp://smtp.example.com:25" }, "smtp:"},
		{"another tls", func(c *email.Config) { c.TLS = "ssl" }, `tls: "ssl" is not one of`},
		{"in the clear", func(c *email.Config) { c.TLS = "none" }, "tls: none would send"},
		{"in the clear on purpose", func(c *email.Config) { c.TLS = "none"; c.AllowPlain = true }, ""},
		{"in the clear to this machine", func(c *email.Config) { c.TLS = "none"; c.SMTP = "localhost:25" }, ""},
		{"half a login", func(c *email.Config) { c.Password = "" }, "username: goes with password"},
		{"the other half", func(c *email.Config) { c.Username = "" }, "username: goes with password"},
		{"no sender", func(c *email.Config) { c.From = "" }, `from: "" is no address`},
		{"no recipient", func(c *email.Config) { c.To = nil }, "to: is missing"},
		{"a recipient without a domain", func(c *email.Config) { c.To = []string{"ops"} }, `to: "ops" is no address`},
		{"two recipients in one", func(c *email.Config) { c.To = []string{"a@b.example, c@d.example"} }, "to:"},
		{"a language", func(c *email.Config) { c.Language = "tlh" }, `language: "tlh"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := config("smtp.example.com:587")
			tt.change(&c)
			_, err := email.New(c, notify.Deps{})
			if (err == nil) != (tt.want == "") || err != nil && !strings.HasPrefix(err.Error(), tt.want) {
				t.Fatalf("New = %v, want %q …", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), password) {
				t.Errorf("the error holds the password: %v", err)
			}
		})
	}
}

func TestGolden(t *testing.T) {
	for language, suffix := range map[string]string{"en": "", "zh": ".zh", "both": ".both"} {
		s, n := server(t, sink.SMTPOptions{}, func(c *email.Config) { c.Language = language })
		cases := append(notifytest.Cases(), notifytest.Case{Name: "digest-3", Message: notifytest.Digest(3)})
		var plain, html strings.Builder
		for i, c := range cases {
			if out := n.Send(t.Context(), c.Message); out.Result != watch.Sent {
				t.Fatalf("%s in %s: %+v, want sent", c.Name, language, out)
			}
			m := s.Messages()[i]
			plain.WriteString("--- " + c.Name + "\n" + m.Text + "\n")
			switch c.Name {
			case "expiry-3d", "status-normal", "failing-denied", "digest-3":
				html.WriteString("<!-- " + c.Name + " -->\n" + m.HTML + "\n")
			}
		}
		notifytest.Golden(t, "plain"+suffix+".txt", plain.String())
		notifytest.Golden(t, "page"+suffix+".html", html.String())
	}
}

func TestAThousandNoticesAreOneMail(t *testing.T) {
	s, n := server(t, sink.SMTPOptions{}, nil)
	if out := n.Send(t.Context(), notifytest.Digest(1000)); out.Result != watch.Sent {
		t.Fatalf("Send = %+v, want sent", out)
	}
	m := s.Messages()[0]
	shown := strings.Count(m.HTML, "<h1 ")
	if size := len(m.HTML); size > 90_000 || size < 80_000 || shown < 20 {
		t.Errorf("the page has %d bytes and %d notices, want at most 90000 bytes and hardly less", size, shown)
	}
	for _, text := range []string{m.Text, m.HTML} {
		if !strings.Contains(text, "more, left out for size") {
			t.Error("a part does not say that notices were left out")
		}
	}
	if got := strings.Count(m.Text, "\n\n["); got+1 < shown {
		t.Errorf("the text has %d notices, the page %d", got+1, shown)
	}
}
