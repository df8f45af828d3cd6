package feishu_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"prowatch/notify"
	"prowatch/notify/feishu"
	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/watch"
)

const (
	token  = "c4n4ry01-7bd2-4a3f-9c1e-77aa51b2a6f0"
	secret = "c4n4ry+/Zk3vq8B2c0nRy9"
)

func open(t *testing.T, c feishu.Config, d notify.Deps) watch.Notifier {
	t.Helper()
	n, err := feishu.New(c, d)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func config(base string) feishu.Config {
	return feishu.Config{Address: notify.Address{URL: base + "/open-apis/bot/v2/hook/" + token}, Secret: secret}
}

// serve returns a bot and a channel to it.
func serve(t *testing.T, r sink.Robot, o *sink.Options, change func(*feishu.Config), d notify.Deps) (*sink.Sink, watch.Notifier) {
	t.Helper()
	r.Token = token
	s := sink.NewFeishu(r, o)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	c := config(server.URL)
	if change != nil {
		change(&c)
	}
	return s, open(t, c, d)
}

func TestContract(t *testing.T) {
	refused := func(code int, text string, want watch.Outcome) notifytest.Refusal {
		return notifytest.Refusal{Name: text, Fault: sink.FeishuFault(code, text), Want: want}
	}
	permanent := func(code string) watch.Outcome { return watch.Outcome{Result: watch.Permanent, Code: code} }
	retry := func(code string, after time.Duration) watch.Outcome {
		return watch.Outcome{Result: watch.Retry, Code: code, After: after}
	}
	gateway := func(status int, seconds string) sink.Fault {
		return sink.Fault{Status: status, Header: http.Header{"X-Ogw-Ratelimit-Reset": {seconds}},
			Body: `{"code":99991400,"msg":"request trigger frequency limit"}`}
	}
	notifytest.Run(t, notifytest.Harness{
		New: func(t *testing.T, base string, client *http.Client) watch.Notifier {
			return open(t, config(base), notify.Deps{Client: client})
		},
		Sink: func() *sink.Sink {
			return sink.NewFeishu(sink.Robot{Token: token, Secret: secret, Keyword: "prowatch"}, &sink.Options{Rate: -1})
		},
		Secrets: []string{token, secret},
		Refusals: []notifytest.Refusal{
			refused(9499, "Bad Request", permanent("9499")),
			refused(10002, "invalid param", permanent("10002")),
			refused(19001, "param invalid: incoming webhook access token invalid", permanent("19001")),
			refused(19002, "params error, msg_type need", permanent("19002")),
			refused(19021, "sign match fail or timestamp is not within one hour from current time", permanent("19021")),
			refused(19022, "Ip Not Allowed", permanent("19022")),
			refused(19024, "Key Words Not Found", permanent("19024")),
			refused(11232, "create message trigger rate limit", retry("11232", 0)),
			refused(230020, "this operation triggers the limit", retry("230020", 0)),
			refused(9499, "too many request: frequency limited", retry("9499", 0)),
			refused(999999, "a code nobody knows", retry("999999", 0)),
			{Name: "the gateway, with 429", Fault: gateway(429, "7"), Want: retry("99991400", 7*time.Second)},
			{Name: "the gateway, with 400", Fault: gateway(400, "7"), Want: retry("99991400", 7*time.Second)},
			{Name: "the gateway, with an absurd time", Fault: gateway(429, "1e9"), Want: retry("99991400", 6*time.Hour)},
			{Name: "a permanent code under 400", Fault: sink.Fault{Status: 400, Body: `{"code":19001,"msg":"x"}`}, Want: permanent("19001")},
			{Name: "an old bot's refusal", Fault: sink.Fault{Body: `{"StatusCode":19001,"StatusMessage":"token"}`}, Want: permanent("19001")},
			{Name: "an old bot's success", Fault: sink.Fault{Body: `{"Extra":null,"StatusCode":0,"StatusMessage":"success"}`}, Want: watch.Outcome{Result: watch.Sent}},
			{Name: "a code that contradicts the old one", Fault: sink.Fault{Body: `{"StatusCode":0,"code":19001}`}, Want: permanent("19001")},
			{Name: "success as text", Fault: sink.Fault{Body: `{"code":"0","msg":"success"}`}, Want: watch.Outcome{Result: watch.Sent}},
			{Name: "success under an error status", Fault: sink.Fault{Status: 500, Body: `{"code":0}`}, Want: retry("500", 0)},
			{Name: "success under another status", Fault: sink.Fault{Status: 202, Body: `{"code":0}`}, Want: watch.Outcome{Result: watch.Unknown}},
			{Name: "success that is null", Fault: sink.Fault{Body: `{"code":null}`}, Want: watch.Outcome{Result: watch.Unknown}},
		},
	})
}

func TestEachSecuritySettingNamesItsMend(t *testing.T) {
	clock := func(off time.Duration) *sink.Options {
		return &sink.Options{Now: func() time.Time { return time.Now().Add(off) }}
	}
	for _, tt := range []struct {
		name       string
		robot      sink.Robot
		opts       *sink.Options
		key        string // the configured secret
		code, want string // of the refusal, "" for sent
	}{
		{"signed", sink.Robot{Secret: secret}, nil, secret, "", ""},
		{"signed, with a clock 50 minutes slow", sink.Robot{Secret: secret}, clock(50 * time.Minute), secret, "", ""},
		{"a clock two hours slow", sink.Robot{Secret: secret}, clock(2 * time.Hour), secret, "19021", "the clock of this machine"},
		{"a clock two hours fast", sink.Robot{Secret: secret}, clock(-2 * time.Hour), secret, "19021", "the clock of this machine"},
		{"another bot's secret", sink.Robot{Secret: "other"}, nil, secret, "19021", "set secret to that of this bot"},
		{"no secret though one is wanted", sink.Robot{Secret: secret}, nil, "", "19021", "the bot wants a signature"},
		{"a keyword that every title has", sink.Robot{Keyword: "prowatch"}, nil, "", "", ""},
		{"another keyword", sink.Robot{Keyword: "监控报警"}, nil, "", "19024", "add the keyword prowatch"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, n := serve(t, tt.robot, tt.opts, func(c *feishu.Config) { c.Secret = tt.key }, notify.Deps{})
			out := n.Send(t.Context(), notifytest.Find("expiry-renewed"))
			if tt.code == "" {
				if out.Result != watch.Sent {
					t.Errorf("Send = %+v, want sent", out)
				}
				return
			}
			if out.Result != watch.Permanent || out.Code != tt.code || !strings.Contains(out.Text, tt.want) {
				t.Errorf("Send = %+v, want permanent %s with %q", out, tt.code, tt.want)
			}
			if len(s.Messages()) > 0 || s.Requests() != 1 {
				t.Errorf("%d messages of %d requests arrived, want none of 1: another form would be refused, too", len(s.Messages()), s.Requests())
			}
		})
	}
}

func TestEveryAttemptIsSignedAnew(t *testing.T) {
	now := time.Date(2026, 11, 24, 1, 7, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	_, n := serve(t, sink.Robot{Secret: secret}, &sink.Options{Now: clock}, nil, notify.Deps{Now: clock})
	for range 3 {
		if out := n.Send(t.Context(), notifytest.Find("expiry-3d")); out.Result != watch.Sent {
			t.Errorf("Send at %v = %+v, want sent", now, out)
		}
		now = now.Add(2 * time.Hour)
	}
}

func TestTheRateIsTheBots(t *testing.T) {
	now := time.Date(2026, 11, 24, 1, 7, 0, 0, time.UTC)
	_, n := serve(t, sink.Robot{}, &sink.Options{Now: func() time.Time { return now }}, nil, notify.Deps{})
	for i := range 5 {
		if out := n.Send(t.Context(), notifytest.Find("expiry-3d")); out.Result != watch.Sent {
			t.Fatalf("message %d: %+v, want sent", i+1, out)
		}
	}
	if out := n.Send(t.Context(), notifytest.Find("expiry-3d")); out.Result != watch.Retry || out.Code != "11232" {
		t.Errorf("message 6 of a second: %+v, want retry with 11232", out)
	}
}

func TestPlainTextFollowsWhenTheCardIsRefused(t *testing.T) {
	s, n := serve(t, sink.Robot{Secret: secret}, nil, nil, notify.Deps{})
	s.Fail(sink.FeishuFault(9499, "Bad Request"))
	if out := n.Send(t.Context(), notifytest.Digest(12)); out.Result != watch.Sent {
		t.Fatalf("Send = %+v, want sent", out)
	}
	ms := s.Messages()
	if len(ms) != 1 || ms[0].Kind != "text" || len(ms[0].Body) > 4000 {
		t.Fatalf("%+v; want one text of at most 4000 bytes", ms)
	}
	notifytest.Golden(t, "fallback.txt", ms[0].Text+"\n")
}

func TestALongMessageUsesTheRoomThereIs(t *testing.T) {
	s, n := serve(t, sink.Robot{Secret: secret}, nil, nil, notify.Deps{})
	m := notifytest.Find("failing-denied")
	m.Items[0].Notice.Message = strings.Repeat(`密钥"不存在"<x>，`, 5000)
	if out := n.Send(t.Context(), m); out.Result != watch.Sent {
		t.Fatalf("Send = %+v, want sent", out)
	}
	if size := len(s.Messages()[0].Body); size > 20_000 || size < 19_990 {
		t.Errorf("a body of %d bytes, want 20000 or hardly less", size)
	}
}

func TestAnEchoedSignatureIsNotQuoted(t *testing.T) {
	var signature string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Sign string }
		if json.NewDecoder(r.Body).Decode(&body) == nil {
			signature = body.Sign
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"code": 999999, "msg": "no " + body.Sign})
	}))
	defer server.Close()
	out := open(t, config(server.URL), notify.Deps{}).Send(t.Context(), notifytest.Find("expiry-3d"))
	if signature == "" || !strings.Contains(out.Text, "no ***") || strings.Contains(out.Text, signature) {
		t.Errorf("Send = %+v, want the signature %q taken out of what is quoted", out, signature)
	}
}
