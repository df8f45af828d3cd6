package email_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"prowatch/notify"
	"prowatch/notify/email"
	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/watch"
)

const (
	username = "prowatch@example.com"
	password = "c4n4ry-pa55+word/="
)

func open(t *testing.T, c email.Config, d notify.Deps) watch.Notifier {
	t.Helper()
	n, err := email.New(c, d)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func config(addr string) email.Config {
	return email.Config{
		SMTP: addr, Username: username, Password: password,
		From: "prowatch <prowatch@example.com>", To: []string{"ops@example.com"},
	}
}

func trusting(roots *x509.CertPool) *http.Client {
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
}

func TestContract(t *testing.T) {
	notifytest.RunMail(t, notifytest.MailHarness{
		New: func(t *testing.T, addr string, roots *x509.CertPool) watch.Notifier {
			return open(t, config(addr), notify.Deps{Client: trusting(roots)})
		},
		Username: username, Password: password,
	})
}

// server returns a mail server that takes mail from anybody, and a channel to it.
func server(t *testing.T, o sink.SMTPOptions, change func(*email.Config)) (*sink.SMTP, watch.Notifier) {
	t.Helper()
	s := sink.NewSMTP(o)
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(l)
	t.Cleanup(s.Close)
	c := config(l.Addr().String())
	if o.TLS == nil {
		c.TLS = "none"
	}
	if o.Username == "" {
		c.Username, c.Password = "", ""
	}
	if change != nil {
		change(&c)
	}
	return s, open(t, c, notify.Deps{Zone: time.FixedZone("CST", 8*60*60), Page: "https://prowatch.example.com/"})
}

func TestTheHeaders(t *testing.T) {
	s, n := server(t, sink.SMTPOptions{}, func(c *email.Config) { c.To = []string{"ops@example.com", "王 <wang@example.com>"} })
	for _, name := range []string{"expiry-3d", "expiry-30d"} {
		if out := n.Send(t.Context(), notifytest.Find(name)); out.Result != watch.Sent {
			t.Fatalf("Send = %+v, want sent", out)
		}
	}
	got := s.Messages()
	m := notifytest.Find("expiry-3d")
	for name, want := range map[string]string{
		"From":           `"prowatch" <prowatch@example.com>`,
		"To":             `<ops@example.com>, =?utf-8?q?=E7=8E=8B?= <wang@example.com>`,
		"Date":           m.At.Format(time.RFC1123Z),
		"Message-Id":     "<" + m.ID + ".prowatch@example.com>",
		"References":     "<account.d2836b7de9447c4a.prowatch@example.com>",
		"In-Reply-To":    "<account.d2836b7de9447c4a.prowatch@example.com>",
		"Auto-Submitted": "auto-generated",
		"Importance":     "high",
	} {
		if got := got[0].Header.Get(name); got != want {
			t.Errorf("%s: %s\nwant %s", name, got, want)
		}
	}
	if got[1].Header.Get("References") != got[0].Header.Get("References") {
		t.Error("two mails about an account are in two threads")
	}
	if got := got[1].Header.Get("Importance"); got != "" {
		t.Errorf("a warning has the importance %q", got)
	}
	if diff := cmp.Diff([]string{"ops@example.com", "wang@example.com"}, got[0].Mentions); diff != "" {
		t.Errorf("recipients (-want +got):\n%s", diff)
	}
}

func TestADigestOfSeveralAccountsIsInNoThread(t *testing.T) {
	s, n := server(t, sink.SMTPOptions{}, nil)
	n.Send(t.Context(), notifytest.Digest(3))
	if got := s.Messages()[0].Header.Get("References"); got != "" {
		t.Errorf("References %q, want none", got)
	}
}

func TestTwoAttemptsAreTheSameBytes(t *testing.T) {
	s, n := server(t, sink.SMTPOptions{}, nil)
	for range 2 {
		n.Send(t.Context(), notifytest.Find("expiry-3d"))
	}
	ms := s.Messages()
	if diff := cmp.Diff(string(ms[0].Body), string(ms[1].Body)); diff != "" || !ms[1].Duplicate {
		t.Errorf("a mail that is sent again differs (-first +second):\n%s", diff)
	}
}

func TestNoHeaderIsInjected(t *testing.T) {
	s, n := server(t, sink.SMTPOptions{}, nil)
	m := notifytest.Find("unheard-of")
	m.Items[0].Notice.Type = "<script>\r\nBcc: evil@example.com\r\n\r\nbody"
	m.Items[0].Notice.Message = "<script>alert(1)</script>\r\n.\r\nMAIL FROM:<evil@example.com>"
	m.Items[0].Console = `javascript:alert("x")`
	if out := n.Send(t.Context(), m); out.Result != watch.Sent {
		t.Fatalf("Send = %+v, want sent", out)
	}
	got := s.Messages()
	if len(got) != 1 || got[0].Header.Get("Bcc") != "" || len(got[0].Mentions) != 1 {
		t.Errorf("messages %+v, want one to one", got)
	}
	if strings.Contains(got[0].HTML, "<script") || strings.Contains(got[0].HTML, `href="javascript`) {
		t.Errorf("the page holds what others wrote:\n%s", got[0].HTML)
	}
}

func TestSomeRecipientsAreRefused(t *testing.T) {
	for _, tt := range []struct {
		name   string
		faults []sink.SMTPFault
		want   watch.Outcome
		took   int
	}{
		{"one for good", []sink.SMTPFault{{At: "rcpt", Match: "<b@", Reply: "550 5.1.1 No such user"}},
			watch.Outcome{Result: watch.Sent, Text: "SMTP: taken for 2 of 3 recipients; b@example.com: 550 (5.1.1 No such user)"}, 2},
		{"one for now", []sink.SMTPFault{{At: "rcpt", Match: "<b@", Reply: "451 4.7.1 Greylisted"}},
			watch.Outcome{Result: watch.Unknown, Text: "SMTP: taken for 2 of 3 recipients; b@example.com: 451 (4.7.1 Greylisted)"}, 2},
		{"all, one of them for now", []sink.SMTPFault{{At: "rcpt", Match: "<c@", Reply: "452 4.2.2 Full"}, {At: "rcpt", Reply: "550 5.1.1 No", Times: 2}},
			watch.Outcome{Result: watch.Retry, Code: "452", Text: "SMTP 452: refused for now (4.2.2 Full)"}, 0},
		{"all for good", []sink.SMTPFault{{At: "rcpt", Reply: "550 5.1.1 No", Times: 3}},
			watch.Outcome{Result: watch.Permanent, Code: "550", Text: "SMTP 550: the recipient is refused: check to (5.1.1 No)"}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, n := server(t, sink.SMTPOptions{}, func(c *email.Config) { c.To = []string{"a@example.com", "b@example.com", "c@example.com"} })
			s.Fail(tt.faults...)
			if diff := cmp.Diff(tt.want, n.Send(t.Context(), notifytest.Find("expiry-3d"))); diff != "" {
				t.Errorf("Send (-want +got):\n%s", diff)
			}
			took := 0
			for _, m := range s.Messages() {
				took += len(m.Mentions)
			}
			if took != tt.took {
				t.Errorf("%d recipients got it, want %d", took, tt.took)
			}
		})
	}
}

func TestSMTPUTF8IsAskedForOnlyWhereItIsNeeded(t *testing.T) {
	for to, want := range map[string]watch.Result{"ops@example.com": watch.Sent, "值班@example.com": watch.Permanent} {
		s, n := server(t, sink.SMTPOptions{}, func(c *email.Config) { c.To = []string{to} })
		s.Fail(sink.SMTPFault{At: "mail", Match: " SMTPUTF8", Reply: "550 5.6.7 SMTPUTF8 is not supported by the next server"})
		if out := n.Send(t.Context(), notifytest.Find("expiry-3d")); out.Result != want {
			t.Errorf("Send to %s = %+v, want %s", to, out, want)
		}
	}
}
