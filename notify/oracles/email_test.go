package oracles

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
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

// mailbox is the account at the mail server.
type mailbox struct {
	Key      string   `json:"key"`
	Cert     string   `json:"cert"`
	Username string   `json:"username"`
	Password string   `json:"password"`
	Methods  []string `json:"methods"`

	client *http.Client // trusts the certificate
}

func newMailbox(t *testing.T, methods ...string) mailbox {
	t.Helper()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.StartTLS()
	t.Cleanup(server.Close)
	pair := server.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return mailbox{
		Key:      string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})),
		Cert:     string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]})),
		Username: "prowatch@example.com", Password: "pa55+word/=密", Methods: methods,
		client: &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}},
	}
}

// channel returns a channel to the server, with the settings as change leaves
// them.
func (b mailbox) channel(t *testing.T, addr string, change func(*email.Config)) watch.Notifier {
	t.Helper()
	c := email.Config{
		SMTP: addr, Username: b.Username, Password: b.Password,
		From: "值班 <prowatch@example.com>", To: []string{"ops@example.com"},
	}
	if change != nil {
		change(&c)
	}
	n, err := email.New(c, notify.Deps{Client: b.client})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// taken is a mail as mailparser reads it.
type taken struct {
	Secure        bool
	Method        string
	To            []string
	Subject       string
	MessageID     string
	References    []string
	InReplyTo     string
	AutoSubmitted string
	Date          time.Time
	From          string
	Text          string
	HTML          string
	Attachments   int
}

// TestAMailServer sends to a mail server of others' making, and lets a parser of
// others' making read the mails.
func TestAMailServer(t *testing.T) {
	box := newMailbox(t, "PLAIN")
	addr, stop := peer(t, "mail.mjs", box)
	own := sink.NewSMTP(sink.SMTPOptions{})
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go own.Serve(l)
	defer own.Close()
	for _, language := range languages {
		theirs := box.channel(t, addr, func(c *email.Config) { c.Language = language })
		ours := box.channel(t, l.Addr().String(), func(c *email.Config) {
			c.Language, c.TLS, c.Username, c.Password = language, "none", "", ""
		})
		for _, c := range cases() {
			c.Message.Items[0].Notice.Account = "安全团队-" + c.Name
			for _, n := range []watch.Notifier{theirs, ours} {
				if out := n.Send(t.Context(), c.Message); out.Result != watch.Sent {
					t.Fatalf("%s in %s: %+v, want sent", c.Name, language, out)
				}
			}
		}
	}
	var got []taken
	stop(&got)
	var want []taken
	for _, m := range own.Messages() {
		subject, text, _ := strings.Cut(strings.TrimPrefix(m.Text, "Subject: "), "\n\n")
		date, _ := time.Parse(time.RFC1123Z, m.Header.Get("Date"))
		w := taken{
			Secure: true, Method: "ESMTPSA", To: m.Mentions, Subject: subject, MessageID: "<" + m.ID + ">", References: []string{},
			InReplyTo: m.Header.Get("In-Reply-To"), AutoSubmitted: "auto-generated", Date: date.UTC(),
			From: `"值班" <prowatch@example.com>`, Text: text, HTML: m.HTML,
		}
		if r := m.Header.Get("References"); r != "" {
			w.References = []string{r}
		}
		want = append(want, w)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mails (-as they were meant +as they were read):\n%s", diff)
	}
	for _, m := range got {
		for _, fetched := range []string{"<img", "<link", "@import", "url(", "src=", "<script"} {
			if strings.Contains(m.HTML, fetched) {
				t.Errorf("%s: the page has %s, which fetches something", m.Subject, fetched)
			}
		}
	}
}

func TestWaysToLogIn(t *testing.T) {
	for _, method := range []string{"PLAIN", "LOGIN", "CRAM-MD5"} {
		t.Run(method, func(t *testing.T) {
			box := newMailbox(t, method)
			addr, stop := peer(t, "mail.mjs", box)
			if out := box.channel(t, addr, nil).Send(t.Context(), notifytest.Find("expiry-3d")); out.Result != watch.Sent {
				t.Errorf("Send = %+v, want sent", out)
			}
			wrong := box.channel(t, addr, func(c *email.Config) { c.Password = "another-password" })
			out := wrong.Send(t.Context(), notifytest.Find("expiry-3d"))
			if out.Result != watch.Permanent || out.Code != "535" || !strings.Contains(out.Text, "app password") {
				t.Errorf("Send with a wrong password = %+v, want permanent with 535 and the mend", out)
			}
			var got []taken
			stop(&got)
			if len(got) != 1 {
				t.Errorf("%d mails arrived, want 1", len(got))
			}
		})
	}
}

func TestAMailServerThatRefusesRecipients(t *testing.T) {
	box := newMailbox(t, "PLAIN")
	addr, stop := peer(t, "mail.mjs", box)
	for _, tt := range []struct {
		to   []string
		want []watch.Result // of the attempts
	}{
		{[]string{"greylisted@a.example"}, []watch.Result{watch.Retry, watch.Sent}},
		{[]string{"unknown@a.example"}, []watch.Result{watch.Permanent}},
		{[]string{"ops@b.example", "greylisted@b.example"}, []watch.Result{watch.Unknown, watch.Sent}},
		{[]string{"ops@c.example", "unknown@c.example"}, []watch.Result{watch.Sent}},
	} {
		n := box.channel(t, addr, func(c *email.Config) { c.To = tt.to })
		var got []watch.Result
		for range tt.want {
			got = append(got, n.Send(t.Context(), notifytest.Find("expiry-3d")).Result)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("to %v: %v, want %v", tt.to, got, tt.want)
		}
	}
	var mails []taken
	stop(&mails)
	if len(mails) != 4 {
		t.Errorf("%d mails arrived, want 4", len(mails))
	}
}
