package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"prowatch/emulator"
	"prowatch/notify/sink"
)

// farSides are what a configuration with every canary talks to: a server for
// each channel and for the API, which keep all they get.
type farSides struct {
	addresses map[string]string // by channel, and "account"
	proxy     string            // host:port
	sinks     map[string]interface{ Messages() []sink.Message }
	requests  map[string]*transcript
}

// ownerOf returns the far side that may get a secret: its name begins with it.
func (f *farSides) ownerOf(secret string) string {
	owner, _, _ := strings.Cut(strings.ToLower(secret), "_")
	return owner
}

// owned returns the secrets that a far side may get.
func (f *farSides) owned(owner string) []string {
	if owner == "mirror" { // of the same account
		owner = "account"
	}
	var names []string
	for name := range canaries {
		if f.ownerOf(name) == owner {
			names = append(names, name)
		}
	}
	return names
}

// got returns all that each far side got.
func (f *farSides) got() map[string]string {
	all := map[string]string{}
	for name, r := range f.requests {
		all[name] = r.String()
	}
	return all
}

// shown returns what people saw at each.
func (f *farSides) shown() map[string]string {
	all := map[string]string{}
	for name, s := range f.sinks {
		var b strings.Builder
		for _, m := range s.Messages() {
			b.WriteString(m.Text + "\n" + m.HTML + "\n" + strings.Join(m.Mentions, " ") + "\n")
		}
		all[name] = b.String()
	}
	return all
}

// transcript is all that a far side got.
type transcript struct {
	mu sync.Mutex
	b  strings.Builder
}

func (r *transcript) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.String()
}

// keeping serves with next, and keeps the requests.
func (r *transcript) keeping(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		req.Body = io.NopCloser(strings.NewReader(string(body)))
		r.mu.Lock()
		fmt.Fprintf(&r.b, "%s %s %v %s\n", req.Method, req.URL.RequestURI(), req.Header, body)
		r.mu.Unlock()
		next.ServeHTTP(w, req)
	})
}

// newFarSides starts them in that mood: well, echo or down.
func newFarSides(t *testing.T, mood string) *farSides {
	t.Helper()
	f := &farSides{addresses: map[string]string{}, sinks: map[string]interface{ Messages() []sink.Message }{}, requests: map[string]*transcript{}}
	secret := func(name string) string { return canaries[name] }
	sinks := map[string]*sink.Sink{
		"wecom": sink.NewWeCom(secret("WECOM_KEY"), &sink.Options{Rate: -1}), "dingtalk": sink.NewDingTalk(sink.Robot{Token: secret("DINGTALK_TOKEN"), Secret: secret("DINGTALK_SECRET")}, &sink.Options{Rate: -1}),
		"feishu": sink.NewFeishu(sink.Robot{Token: secret("FEISHU_TOKEN"), Secret: secret("FEISHU_SECRET")}, &sink.Options{Rate: -1}),
		"slack":  sink.NewSlack("/services/T0/B0/"+secret("SLACK_TOKEN"), nil), "teams": sink.NewTeams(secret("TEAMS_SIG"), nil),
		"discord": sink.NewDiscord("1", secret("DISCORD_TOKEN"), nil), "telegram": sink.NewTelegram(secret("TELEGRAM_TOKEN"), []string{"-100"}, nil),
		"pagerduty": sink.NewPagerDuty(secret("PAGERDUTY_KEY"), nil), "webhook": sink.NewWebhook(secret("WEBHOOK_SECRET"), nil), "good": sink.NewWebhook("", nil),
	}
	api := emulator.New(theAccount())
	handlers := map[string]http.Handler{"account": api, "mirror": api}
	for name, s := range sinks {
		handlers[name], f.sinks[name] = s, s
	}
	for _, name := range keyed {
		handlers[name] = emulator.New(theKeyed(name))
	}
	for name, h := range handlers {
		r := &transcript{}
		if mood == "echo" && name != "good" && name != "account" && name != "corp" {
			h = &echo{}
		}
		f.requests[name], f.addresses[name] = r, local(t, r.keeping(h))
	}
	f.mail(t, mood)
	f.proxy = strings.TrimPrefix(local(t, http.HandlerFunc(refuseProxying)), "http://")
	if mood == "down" {
		f.breakAll(t)
	}
	return f
}

// mail starts the mail server, which logs in with the password.
func (f *farSides) mail(t *testing.T, mood string) {
	s := sink.NewSMTP(sink.SMTPOptions{Username: "ops", Password: canaries["SMTP_PASSWORD"]})
	if mood == "echo" {
		s.Fail(sink.SMTPFault{At: "auth", Times: 2, Reply: "535 5.7.8 refused:", Echo: true}, sink.SMTPFault{At: "rcpt", Times: 1 << 20, Reply: "550 5.1.1 refused:", Echo: true})
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(l)
	t.Cleanup(s.Close)
	f.addresses["email"] = l.Addr().String()
	if mood == "well" {
		f.sinks["email"] = s
	}
}

// breakAll lets each far side be down in another way.
func (f *farSides) breakAll(t *testing.T) {
	t.Helper()
	untrusted := httptest.NewUnstartedServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = log.New(io.Discard, "", 0)
	untrusted.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	untrusted.StartTLS()
	t.Cleanup(untrusted.Close)
	f.addresses["wecom"] = "http://" + closedPort(t)
	f.addresses["email"] = closedPort(t)
	f.addresses["dingtalk"] = strings.Replace(f.addresses["dingtalk"], "http:", "https:", 1) // speaks no TLS
	f.addresses["feishu"] = untrusted.URL
	f.addresses["slack"] = local(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // or the server does not see the client leave
		<-r.Context().Done()
	}))
	f.addresses["teams"] = local(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	for _, name := range []string{"discord", "telegram", "mirror"} { // through the proxy
		f.addresses[name] = "https://" + name + ".example.com"
	}
	f.addresses["pagerduty"] = local(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		http.Redirect(w, r, "https://example.com/login?"+url.QueryEscape(string(body)), http.StatusFound)
	}))
	f.addresses["webhook"] = local(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100000")
		_, _ = io.WriteString(w, r.URL.RequestURI())
		panic(http.ErrAbortHandler)
	}))
}

// closedPort returns an address where nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// refuseProxying is a proxy that refuses, and says in its status line and body
// what it was sent.
func refuseProxying(w http.ResponseWriter, r *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	said := fmt.Sprint(r.Header)
	fmt.Fprintf(conn, "HTTP/1.1 407 who is %s\r\nContent-Length: %d\r\n\r\n%s", said, len(said), said)
}

// theAccount is what the emulator knows of the account.
func theAccount() *emulator.Options {
	id := canaries["ACCOUNT_ID"]
	return &emulator.Options{
		Accounts: map[string]string{id: canaries["ACCOUNT_KEY"]}, Tokens: map[string]string{id: canaries["ACCOUNT_TOKEN"]}, Rate: -1,
		Now: time.Now,
	}
}
