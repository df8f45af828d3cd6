package notifytest

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"prowatch/notify/sink"
	"prowatch/watch"
)

// A MailHarness tells the suite about a channel that sends mail.
type MailHarness struct {
	// New returns the channel, which sends to the server at addr, "host:port", by
	// STARTTLS with the account's name and password, and trusts roots.
	New func(t *testing.T, addr string, roots *x509.CertPool) watch.Notifier

	// Username and Password are the account's.
	Username, Password string
}

// A mailRig is a channel with its mail server.
type mailRig struct {
	*rig
	mail MailHarness
	smtp *sink.SMTP
	cert *httptest.Server // for its certificate
}

// RunMail runs the suite for mail. Its table is that of [Run]: each cell has
// what it means for SMTP, or says why it means nothing.
func RunMail(t *testing.T, h MailHarness) {
	t.Helper()
	for _, tt := range mailTests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.fn == nil {
				t.Skip(tt.instead)
			}
			tt.fn(t, newMailRig(t, h))
		})
	}
	t.Run("EveryCellHasItsMeaning", func(t *testing.T) {
		if len(mailTests) != len(tests) {
			t.Fatalf("%d cells for the %d of Run", len(mailTests), len(tests))
		}
		for i, tt := range tests {
			if mailTests[i].name != tt.name {
				t.Errorf("cell %d is %s, want %s", i, mailTests[i].name, tt.name)
			}
		}
	})
}

// like makes a test of messages one for mail.
func like(fn func(*testing.T, *rig)) func(*testing.T, *mailRig) {
	return func(t *testing.T, r *mailRig) { fn(t, r.rig) }
}

// mailTests are the cells of the table of Run.
var mailTests = []struct {
	name    string
	fn      func(t *testing.T, r *mailRig)
	instead string // why there is none
}{
	{name: "EveryTypeArrives", fn: like(testEveryType)},
	{name: "TheSameIDWithEveryAttempt", fn: like(testSameID)},
	{name: "APossibleDuplicateSaysSo", fn: like(testDuplicate)},
	{name: "SafeForManyGoroutines", fn: like(testManyGoroutines)},
	{name: "OversizeChineseKeepsTitleEndLinkAndID", fn: like(testOversize)},
	{name: "ADigestArrivesOrIsRefused", fn: like(testDigest)},
	{name: "EachRefusalIsJudged", fn: testReplies},
	{name: "EachStatusIsJudged", instead: "SMTP has no other status than the reply: see EachRefusalIsJudged"},
	{name: "RetryAfterIsObeyed", instead: "SMTP cannot say how long to wait"},
	{name: "SuccessIsProved", fn: testOnly250},
	{name: "NoRedirectIsFollowed", fn: testForward},
	{name: "NeverWrittenIsRetry", fn: testNoServer},
	{name: "WrittenWithoutAnswerIsUnknown", fn: testNoReply},
	{name: "AnEndedContextSendsNothing", fn: like(testEnded)},
	{name: "ReturnsSoonAfterContextEnds", fn: testMailEndsMidway},
	{name: "AnEndlessAnswerIsNotRead", fn: testEndlessReply},
	{name: "NoSecretInTheOutcome", fn: testMailEchoes},
}

func newMailRig(t *testing.T, h MailHarness) *mailRig {
	t.Helper()
	cert := httptest.NewUnstartedServer(http.NotFoundHandler())
	cert.StartTLS()
	t.Cleanup(cert.Close)
	r := &mailRig{mail: h, cert: cert}
	r.smtp = sink.NewSMTP(sink.SMTPOptions{Username: h.Username, Password: h.Password, TLS: cert.TLS})
	t.Cleanup(r.smtp.Close)
	r.rig = &rig{
		Harness: Harness{Shows: shows}, channel: h.New(t, serve(t, r.smtp.Serve), r.roots()),
		taken: r.smtp, hidden: []string{h.Password},
		fresh: func(t *testing.T) *rig { return newMailRig(t, h).rig },
	}
	return r
}

// roots trusts the server.
func (r *mailRig) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(r.cert.Certificate())
	return pool
}

// serve lets f serve a port of this machine, and returns its address. The test
// server's certificate is for 127.0.0.1.
func serve(t *testing.T, f func(net.Listener)) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go f(l)
	return l.Addr().String()
}

// each serves every connection by f.
func each(f func(net.Conn)) func(net.Listener) {
	return func(l net.Listener) {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				f(conn)
			}()
		}
	}
}

func testNoReply(t *testing.T, r *mailRig) {
	for name, fault := range map[string]sink.SMTPFault{
		"hangs":                {At: "sent", Hang: true, Taken: true},
		"drops the connection": {At: "sent", Drop: true, Taken: true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newMailRig(t, r.mail)
			r.smtp.Fail(fault)
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			if out := r.sendCtx(t, ctx, r.channel, Find("expiry-3d")); out.Result != watch.Unknown {
				t.Errorf("Send = %+v, want unknown", out)
			}
			if n := len(r.smtp.Messages()); n != 1 {
				t.Errorf("%d mails arrived, want 1", n)
			}
		})
	}
}

func testMailEndsMidway(t *testing.T, r *mailRig) {
	for _, at := range []string{"connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "sent"} {
		for _, how := range []string{"deadline", "cancel"} {
			t.Run(at+"/"+how, func(t *testing.T) {
				t.Parallel()
				r := newMailRig(t, r.mail)
				r.smtp.Fail(sink.SMTPFault{At: at, Hang: true})
				ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
				if how == "cancel" {
					ctx, cancel = context.WithCancel(t.Context())
					time.AfterFunc(300*time.Millisecond, cancel)
				}
				defer cancel()
				want := watch.Retry
				if at == "sent" {
					want = watch.Unknown
				}
				began := time.Now()
				out := r.sendCtx(t, ctx, r.channel, Find("expiry-3d"))
				if took := time.Since(began); took > 2*time.Second || out.Result != want {
					t.Errorf("Send = %+v after %v, want %s soon after 300ms", out, took, want)
				}
			})
		}
	}
}

func testEndlessReply(t *testing.T, r *mailRig) {
	addr := serve(t, each(func(conn net.Conn) {
		for {
			if _, err := fmt.Fprintf(conn, "220-%01000d\r\n", 0); err != nil {
				return
			}
		}
	}))
	began := time.Now()
	out := r.send(t, r.mail.New(t, addr, nil), Find("expiry-3d"))
	if took := time.Since(began); took > 2*time.Second || out.Result != watch.Retry {
		t.Errorf("Send = %+v after %v, want retry soon", out, took)
	}
}
