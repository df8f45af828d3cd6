package dingtalk_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"prowatch/notify"
	"prowatch/notify/dingtalk"
	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/watch"
)

const (
	token  = "c4n4ry566cc69da782ec33e42541b09b08551f09fbe864eb8008112e994b43887"
	secret = "SECc4n4ryd7ae8a5a9c7b0d6e3f1a2b4c5d6e7f8a9b0c1d2e3f4a5b6c7d8e9f0"
)

func open(t *testing.T, c dingtalk.Config, d notify.Deps) watch.Notifier {
	t.Helper()
	n, err := dingtalk.New(c, d)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func config(base string) dingtalk.Config {
	return dingtalk.Config{Address: notify.Address{URL: base + "/robot/send?access_token=" + token}, Secret: secret}
}

// serve returns a robot and a channel to it.
func serve(t *testing.T, r sink.Robot, o *sink.Options, change func(*dingtalk.Config), d notify.Deps) (*sink.Sink, watch.Notifier) {
	t.Helper()
	r.Token = token
	s := sink.NewDingTalk(r, o)
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
		return notifytest.Refusal{Name: text, Fault: sink.DingTalkFault(code, text), Want: want}
	}
	permanent := func(code string) watch.Outcome { return watch.Outcome{Result: watch.Permanent, Code: code} }
	retry := func(code string, after time.Duration) watch.Outcome {
		return watch.Outcome{Result: watch.Retry, Code: code, After: after}
	}
	notifytest.Run(t, notifytest.Harness{
		New: func(t *testing.T, base string, client *http.Client) watch.Notifier {
			return open(t, config(base), notify.Deps{Client: client})
		},
		Sink: func() *sink.Sink {
			return sink.NewDingTalk(sink.Robot{Token: token, Secret: secret, Keyword: "prowatch"}, nil)
		},
		Secrets: []string{token, secret},
		Refusals: []notifytest.Refusal{
			refused(310000, "keywords not in content, more: [https://ding-doc.dingtalk.com]", permanent("310000")),
			refused(310000, "sign not match", permanent("310000")),
			refused(310000, "invalid timestamp", permanent("310000")),
			refused(310000, "ip 10.0.0.7 not in whitelist", permanent("310000")),
			refused(310000, "description:something else", permanent("310000")),
			refused(300001, "token is not exist", permanent("300001")),
			refused(300005, "token is not exist.", permanent("300005")),
			refused(400101, "access_token does not exist", permanent("400101")),
			refused(400013, "group dissolved", permanent("400013")),
			refused(400102, "robot stopped", permanent("400102")),
			refused(400105, "unsupported msgtype", permanent("400105")),
			refused(400106, "robot does not exist", permanent("400106")),
			refused(40035, "不合法的参数", permanent("40035")),
			refused(43004, "invalid http header Content-Type", permanent("43004")),
			refused(430101, "contains unsafe link", permanent("430101")),
			refused(430102, "contains inappropriate text", permanent("430102")),
			refused(430103, "contains inappropriate image", permanent("430103")),
			refused(430104, "contains inappropriate content", permanent("430104")),
			refused(460101, "message too long, exceed 20000 bytes", permanent("460101")),
			refused(-1, "系统繁忙", retry("-1", 30*time.Second)),
			refused(90018, "qps limit", retry("90018", 30*time.Second)),
			refused(130101, "send too fast, exceed 20 times per minute", retry("130101", 10*time.Minute)),
			refused(410100, "too many messages", retry("410100", 10*time.Minute)),
			refused(999998, "send too fast under another code", retry("999998", 10*time.Minute)),
			refused(999999, "a code nobody knows", retry("999999", 0)),
			{Name: "the page without errcode", Fault: sink.Fault{Body: `{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"24ce"}`}, Want: retry("1111", 5*time.Minute)},
			{Name: "a success with a status", Fault: sink.Fault{Body: `{"errcode":0,"status":1111}`}, Want: watch.Outcome{Result: watch.Sent}},
			{Name: "code as text", Fault: sink.Fault{Body: `{"errcode":"310000","errmsg":"sign not match"}`}, Want: permanent("310000")},
			{Name: "success as text", Fault: sink.Fault{Body: `{"errcode":"0","errmsg":"ok"}`}, Want: watch.Outcome{Result: watch.Sent}},
			{Name: "success that speaks of too fast", Fault: sink.Fault{Body: `{"errcode":0,"errmsg":"too fast"}`}, Want: watch.Outcome{Result: watch.Sent}},
			{Name: "success under an error status", Fault: sink.Fault{Status: 500, Body: `{"errcode":0}`}, Want: retry("500", 0)},
			{Name: "success under another status", Fault: sink.Fault{Status: 202, Body: `{"errcode":0}`}, Want: watch.Outcome{Result: watch.Unknown}},
			{Name: "throttled under 429", Fault: sink.Fault{Status: 429, Body: `{"errcode":130101}`}, Want: retry("130101", 10*time.Minute)},
			{Name: "throttled for longer", Fault: sink.Fault{Header: http.Header{"Retry-After": {"900"}}, Body: `{"errcode":130101}`}, Want: retry("130101", 15*time.Minute)},
			{Name: "success that is null", Fault: sink.Fault{Body: `{"errcode":null}`}, Want: watch.Outcome{Result: watch.Unknown}},
		},
	})
}

func TestEachSecuritySettingNamesItsMend(t *testing.T) {
	clock := func(off time.Duration) *sink.Options {
		return &sink.Options{Now: func() time.Time { return time.Now().Add(off) }}
	}
	for _, tt := range []struct {
		name  string
		robot sink.Robot
		opts  *sink.Options
		key   string // the configured secret
		want  string // in the reason, "" for sent
	}{
		{"signed", sink.Robot{Secret: secret}, nil, secret, ""},
		{"signed, with a clock 50 minutes slow", sink.Robot{Secret: secret}, clock(50 * time.Minute), secret, ""},
		{"a clock two hours slow", sink.Robot{Secret: secret}, clock(2 * time.Hour), secret, "the clock of this machine"},
		{"a clock two hours fast", sink.Robot{Secret: secret}, clock(-2 * time.Hour), secret, "the clock of this machine"},
		{"another robot's secret", sink.Robot{Secret: "SECother"}, nil, secret, "set secret to the SEC…"},
		{"no secret though one is wanted", sink.Robot{Secret: secret}, nil, "", "the robot wants a signature"},
		{"a keyword that every title has", sink.Robot{Keyword: "prowatch"}, nil, "", ""},
		{"another keyword", sink.Robot{Keyword: "监控报警"}, nil, "", "add the keyword prowatch"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, n := serve(t, tt.robot, tt.opts, func(c *dingtalk.Config) { c.Secret = tt.key }, notify.Deps{})
			out := n.Send(t.Context(), notifytest.Find("expiry-renewed"))
			if tt.want == "" {
				if out.Result != watch.Sent {
					t.Errorf("Send = %+v, want sent", out)
				}
				return
			}
			if out.Result != watch.Permanent || out.Code != "310000" || !strings.Contains(out.Text, tt.want) {
				t.Errorf("Send = %+v, want permanent with %q", out, tt.want)
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

func TestTheRobotIsSilencedForTenMinutes(t *testing.T) {
	now := time.Date(2026, 11, 24, 1, 7, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	_, n := serve(t, sink.Robot{}, &sink.Options{Now: clock}, nil, notify.Deps{Now: clock})
	for i := range 20 {
		if out := n.Send(t.Context(), notifytest.Find("expiry-3d")); out.Result != watch.Sent {
			t.Fatalf("message %d: %+v, want sent", i+1, out)
		}
	}
	out := n.Send(t.Context(), notifytest.Find("expiry-3d"))
	if out.Result != watch.Retry || out.Code != "130101" || out.After != 10*time.Minute {
		t.Fatalf("message 21: %+v, want retry after ten minutes", out)
	}
	for wait, want := range map[time.Duration]watch.Result{2 * time.Minute: watch.Retry, out.After: watch.Sent} {
		began := now
		now = began.Add(wait)
		if out := n.Send(t.Context(), notifytest.Find("expiry-3d")); out.Result != want {
			t.Errorf("%v later: %+v, want %s", wait, out, want)
		}
		now = began
	}
}

func TestPlainTextFollowsWhenTheRichFormIsTooLong(t *testing.T) {
	s, n := serve(t, sink.Robot{}, nil, func(c *dingtalk.Config) {
		c.Mention = notify.Mention{watch.Critical: {"13800001111"}}
	}, notify.Deps{})
	s.Fail(sink.DingTalkFault(460101, "message too long, exceed 20000 bytes"))
	m := notifytest.Digest(12)
	if out := n.Send(t.Context(), m); out.Result != watch.Sent {
		t.Fatalf("Send = %+v, want sent", out)
	}
	got := s.Messages()
	if len(got) != 1 || got[0].Kind != "text" || len(got[0].Body) > 5000 || len(got[0].Mentions) != 1 {
		t.Fatalf("%+v; want one text of at most 5000 bytes that calls one", got)
	}
	if got[0].ID == m.ID {
		t.Error("the text has the key of the markdown, which the vendor may have marked as seen")
	}
	notifytest.Golden(t, "fallback.txt", got[0].Text+"\n")
}

func TestALongMessageUsesTheRoomThereIs(t *testing.T) {
	s, n := serve(t, sink.Robot{}, nil, nil, notify.Deps{})
	m := notifytest.Find("failing-denied")
	longest := 0
	for i := range 6 { // so that the cut falls on each byte of a character
		m.Items[0].Notice.Message = strings.Repeat("x", i) + strings.Repeat(`密钥"不存在"，`, 5000)
		if out := n.Send(t.Context(), m); out.Result != watch.Sent {
			t.Fatalf("Send = %+v, want sent", out)
		}
		got := s.Messages()[i]
		if size := len(got.Body); got.Kind != "markdown" || size >= 20_000 || size < 19_990 {
			t.Errorf("%s in a body of %d bytes, want markdown in hardly less than 20000", got.Kind, size)
		}
		longest = max(longest, len(got.Body))
	}
	if longest != 19_999 {
		t.Errorf("the longest body has %d bytes, want 19999", longest)
	}
}

func TestASecondAttemptIsTheVendorsDuplicate(t *testing.T) {
	s, n := serve(t, sink.Robot{Secret: secret}, nil, nil, notify.Deps{})
	m := notifytest.Find("expiry-3d")
	s.Fail(sink.Fault{Drop: true, Taken: true})
	if out := n.Send(t.Context(), m); out.Result != watch.Unknown {
		t.Errorf("Send = %+v, want unknown", out)
	}
	m.PossibleDuplicate = true
	if out := n.Send(t.Context(), m); out.Result != watch.Sent {
		t.Errorf("Send again = %+v, want sent", out)
	}
	if ms := s.Messages(); len(ms) != 2 || ms[0].Duplicate || !ms[1].Duplicate {
		t.Errorf("%+v, want the second marked as a duplicate", ms)
	}
}
