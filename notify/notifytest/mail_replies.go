package notifytest

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"prowatch/notify/sink"
	"prowatch/watch"
)

// stages are the commands that a server can refuse.
var stages = []string{"connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "sent"}

// testReplies refuses each command, for now and for good.
func testReplies(t *testing.T, r *mailRig) {
	for reply, want := range map[string]watch.Result{
		"421 4.3.2 Service shutting down": watch.Retry, "450 4.2.1 Mailbox busy": watch.Retry,
		"451 4.7.1 Greylisted, try again later": watch.Retry, "452 4.2.2 Mailbox full": watch.Retry,
		"454 4.7.0 Temporary authentication failure": watch.Retry,
		"501 5.5.4 Syntax":                           watch.Permanent, "503 5.5.1 Bad sequence": watch.Permanent,
		"530 5.7.0 Authentication required": watch.Permanent, "535 5.7.8 Authentication failed": watch.Permanent,
		"538 5.7.11 Encryption required": watch.Permanent, "550 5.1.1 No such user": watch.Permanent,
		"552 5.3.4 Message too big": watch.Permanent, "553 5.7.1 Sender not owned by user": watch.Permanent,
		"554 5.7.1 Spam": watch.Permanent,
	} {
		for _, at := range stages {
			t.Run(at+" "+reply[:3], func(t *testing.T) {
				r := newMailRig(t, r.mail)
				r.smtp.Fail(sink.SMTPFault{At: at, Reply: reply, Times: 10})
				out := r.send(t, r.channel, Find("expiry-3d"))
				if out.Result != want || out.Code != reply[:3] || !strings.Contains(out.Text, reply[4:]) {
					t.Errorf("Send = %+v, want %s with the code and the words", out, want)
				}
				if n := len(r.smtp.Messages()); n > 0 {
					t.Errorf("%d mails arrived, want none", n)
				}
			})
		}
	}
}

// testOnly250 answers the whole mail with what is no refusal and no 250.
func testOnly250(t *testing.T, r *mailRig) {
	for _, reply := range []string{"251 Forwarded", "200 OK", "220 Hello", "221 Bye", "354 Go on", "{}", htmlPage, "", "25", "250OK"} {
		t.Run(reply, func(t *testing.T) {
			r := newMailRig(t, r.mail)
			r.smtp.Fail(sink.SMTPFault{At: "sent", Reply: reply})
			if out := r.send(t, r.channel, Find("expiry-3d")); out.Result != watch.Unknown {
				t.Errorf("Send answered %q = %+v, want unknown", reply, out)
			}
		})
	}
	for _, reply := range []string{"250 2.0.0 Ok", "250 accepted"} {
		r.smtp.Fail(sink.SMTPFault{At: "sent", Reply: reply, Taken: true})
		if out := r.send(t, r.channel, Find("expiry-3d")); out.Result != watch.Sent {
			t.Errorf("Send answered %q = %+v, want sent", reply, out)
		}
	}
}

// testForward names another server: 551 must not be followed, while 251 says that
// this server sees to it.
func testForward(t *testing.T, r *mailRig) {
	other := sink.NewSMTP(sink.SMTPOptions{})
	t.Cleanup(other.Close)
	addr := serve(t, other.Serve)
	r.smtp.Fail(sink.SMTPFault{At: "rcpt", Reply: "551 5.1.6 User not local; please try <ops@" + addr + ">", Times: 10})
	if out := r.send(t, r.channel, Find("expiry-3d")); out.Result != watch.Permanent || out.Code != "551" {
		t.Errorf("Send = %+v, want permanent with 551", out)
	}
	if n := other.Requests(); n > 0 {
		t.Errorf("the other server was asked %d times, want none", n)
	}
	r = newMailRig(t, r.mail)
	r.smtp.Fail(sink.SMTPFault{At: "rcpt", Reply: "251 2.1.5 User not local; will forward", Times: 10})
	if out := r.send(t, r.channel, Find("expiry-3d")); out.Result != watch.Sent {
		t.Errorf("Send with 251 = %+v, want sent", out)
	}
}

func testNoServer(t *testing.T, r *mailRig) {
	closed, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	says := func(text string) string {
		return serve(t, each(func(conn net.Conn) {
			_, _ = io.WriteString(conn, text)
			_, _ = io.Copy(io.Discard, conn)
		}))
	}
	for _, tt := range []struct{ name, addr string }{
		{"connection refused", closed.Addr().String()},
		{"a web server", says("HTTP/1.1 400 Bad Request\r\n\r\n" + htmlPage)},
		{"closes at once", serve(t, each(func(net.Conn) {}))},
		{"says nothing", says("")},
		{"breaks off the greeting", serve(t, each(func(conn net.Conn) { _, _ = io.WriteString(conn, "220 mx") }))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			out := r.sendCtx(t, ctx, r.mail.New(t, tt.addr, r.roots()), Find("expiry-3d"))
			if out.Result != watch.Retry || out.Code != "" {
				t.Errorf("Send = %+v, want retry without a code", out)
			}
		})
	}
	testBrokenOff(t, r)
}

// testBrokenOff ends the conversation before the mail is whole.
func testBrokenOff(t *testing.T, r *mailRig) {
	t.Helper()
	t.Run("certificate not trusted", func(t *testing.T) {
		addr := serve(t, r.smtp.Serve)
		if out := r.send(t, r.mail.New(t, addr, nil), Find("expiry-3d")); out.Result != watch.Retry || !strings.Contains(out.Text, "ca_file") {
			t.Errorf("Send = %+v, want retry, with the mend", out)
		}
	})
	for _, at := range stages[:7] {
		t.Run("broken off at "+at, func(t *testing.T) {
			r := newMailRig(t, r.mail)
			r.smtp.Fail(sink.SMTPFault{At: at, Drop: true})
			if out := r.send(t, r.channel, Find("expiry-3d")); out.Result != watch.Retry || len(r.smtp.Messages()) > 0 {
				t.Errorf("Send = %+v and %d mails, want retry and none", out, len(r.smtp.Messages()))
			}
		})
	}
}

// testMailEchoes lets the server throw back all it was told.
func testMailEchoes(t *testing.T, r *mailRig) {
	for _, at := range stages {
		for _, reply := range []string{"250", "354", "451", "535", "550", "999"} {
			t.Run(fmt.Sprint(at, " ", reply), func(t *testing.T) {
				r := newMailRig(t, r.mail)
				r.smtp.Fail(sink.SMTPFault{At: at, Reply: reply, Echo: true, Times: 10})
				r.send(t, r.channel, Find("expiry-3d"))
			})
		}
	}
}
