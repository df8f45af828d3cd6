package sink_test

import (
	"fmt"
	"net"
	"net/smtp"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"prowatch/notify/sink"
)

const mailText = "From: a@example.com\r\nTo: b@example.com\r\nDate: Tue, 24 Nov 2026 01:07:00 +0000\r\n" +
	"Message-ID: <1@example.com>\r\nSubject: =?utf-8?b?5a+G6ZKl?=\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nhello\r\n"

func mailServer(t *testing.T, o sink.SMTPOptions) (*sink.SMTP, string) {
	t.Helper()
	s := sink.NewSMTP(o)
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(l)
	t.Cleanup(s.Close)
	return s, l.Addr().String()
}

func TestTheMailServerTakesWhatTheStandardLibrarySends(t *testing.T) {
	s, addr := mailServer(t, sink.SMTPOptions{Username: "u", Password: "p"})
	send := func(password string) error {
		return smtp.SendMail(addr, smtp.PlainAuth("", "u", password, "127.0.0.1"), "a@example.com", []string{"b@example.com"}, []byte(mailText))
	}
	if err := send("p"); err != nil {
		t.Fatal(err)
	}
	m := s.Messages()[0]
	if m.ID != "1@example.com" || m.Text != "Subject: 密钥\n\nhello\n" || len(m.Mentions) != 1 {
		t.Errorf("took %+v", m)
	}
	if err := send("another"); err == nil || !strings.HasPrefix(err.Error(), "535 ") {
		t.Errorf("a wrong password gives %v, want 535", err)
	}
}

func TestTheMailServerRefusesAsOthersDo(t *testing.T) {
	open := "EHLO [127.0.0.1]\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n"
	for _, tt := range []struct {
		name, says string
		want       int
	}{
		{"takes a mail", open + mailText + ".\r\n", 250},
		{"takes a dot that is stuffed", open + mailText + "..\r\n.\r\n", 250},
		{"MAIL before EHLO", "MAIL FROM:<a@example.com>\r\n", 503},
		{"RCPT before MAIL", "EHLO x\r\nRCPT TO:<b@example.com>\r\n", 503},
		{"DATA before RCPT", "EHLO x\r\nMAIL FROM:<a@example.com>\r\nDATA\r\n", 503},
		{"no address", "EHLO x\r\nMAIL FROM:a\r\n", 501},
		{"another command", "PLEASE\r\n", 500},
		{"STARTTLS without a certificate", "STARTTLS\r\n", 502},
		{"a login without accounts", "AUTH PLAIN AGEAYg==\r\n", 503},
		{"no Message-ID", open + strings.Replace(mailText, "Message-ID", "X-ID", 1) + ".\r\n", 550},
		{"two subjects", open + "Subject: x\r\n" + mailText + ".\r\n", 550},
		{"a long line", open + mailText + strings.Repeat("a", 999) + "\r\n.\r\n", 550},
		{"a bare CR", open + mailText + "a\rb\r\n.\r\n", 550},
		{"over 1 MiB", open + mailText + strings.Repeat(strings.Repeat("a", 900)+"\r\n", 1200) + ".\r\n", 552},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, addr := mailServer(t, sink.SMTPOptions{})
			conn, err := net.DialTimeout("tcp", addr, time.Second)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
			go fmt.Fprint(conn, tt.says+"QUIT\r\n")
			r, last := textproto.NewConn(conn), 0
			for {
				code, _, err := r.ReadResponse(0)
				if err != nil {
					t.Fatal(err)
				}
				if code == 221 {
					break
				}
				last = code
			}
			if got := len(s.Messages()); last != tt.want || (got == 1) != (tt.want == 250) {
				t.Errorf("the last reply is %d and %d mails were taken, want %d", last, got, tt.want)
			}
		})
	}
}

func TestTheMailServersRateIsASlidingMinute(t *testing.T) {
	_, addr := mailServer(t, sink.SMTPOptions{Options: sink.Options{Rate: 1}})
	for _, want := range []string{"", "450 "} {
		err := smtp.SendMail(addr, nil, "a@example.com", []string{"b@example.com"}, []byte(mailText))
		if (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("SendMail = %v, want %q", err, want)
		}
	}
}
