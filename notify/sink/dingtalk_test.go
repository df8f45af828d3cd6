package sink_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"prowatch/notify/sink"
)

// A signature of DingTalk's at 1795482420011 ms, made with openssl:
//
//	printf '1795482420011\nSECmysecret' | openssl dgst -sha256 -hmac SECmysecret -binary | base64
const dingTalkSignature = "/6TmEhBTAa/2M79xRSnuM1cQnwdR1V7qpbIphEg+U8o="

func TestTheRobotRefusesAsDingTalkDoes(t *testing.T) {
	at := time.UnixMilli(1795482420011)
	query := func(sign string) string {
		return "/robot/send?access_token=k&timestamp=1795482420011&sign=" + url.QueryEscape(sign)
	}
	signed := query(dingTalkSignature)
	markdown := `{"msgtype":"markdown","markdown":{"title":"prowatch","text":"t"}}`
	text := `{"msgtype":"text","text":{"content":"prowatch 中"}}`
	sized := func(bytes int) string { return text + strings.Repeat(" ", bytes-len(text)) }
	for _, tt := range []struct {
		name, path, body, want string
		now                    time.Time
	}{
		{"takes markdown", signed, markdown, `"errcode":0`, at},
		{"takes text", signed, text, `"errcode":0`, at},
		{"takes 19 999 bytes", signed, sized(19_999), `"errcode":0`, at},
		{"20 000 bytes", signed, sized(20_000), `"errcode":460101`, at},
		{"an hour late", signed, markdown, `"errcode":0`, at.Add(time.Hour)},
		{"more than an hour late", signed, markdown, `invalid timestamp`, at.Add(time.Hour + time.Second)},
		{"more than an hour early", signed, markdown, `invalid timestamp`, at.Add(-time.Hour - time.Second)},
		{"a signature encoded twice", query(url.QueryEscape(dingTalkSignature)), markdown, `sign not match`, at},
		{"no signature", "/robot/send?access_token=k", markdown, `invalid timestamp`, at},
		{"another token", strings.Replace(signed, "=k", "=x", 1), markdown, `"errcode":300005`, at},
		{"no keyword", signed, strings.Replace(markdown, "prowatch", "x", 1), `keywords not in content`, at},
		{"no title", signed, strings.Replace(markdown, "prowatch", "", 1), `"errcode":40035`, at},
		{"no text", signed, strings.Replace(markdown, `"t"`, `""`, 1), `"errcode":40035`, at},
		{"another type", signed, `{"msgtype":"poem"}`, `"errcode":400105`, at},
		{"no JSON", signed, "hello", `"errcode":40035`, at},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := sink.NewDingTalk(sink.Robot{Token: "k", Secret: "SECmysecret", Keyword: "prowatch"},
				&sink.Options{Now: func() time.Time { return tt.now }})
			h := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
			status, answer := ask(s, tt.path, h, tt.body)
			if status != http.StatusOK || !strings.Contains(answer, tt.want) {
				t.Errorf("answer %d %s, want 200 and %s", status, answer, tt.want)
			}
			if got, want := len(s.Messages()), strings.Count(tt.want, `"errcode":0`); got != want {
				t.Errorf("%d messages were taken, want %d", got, want)
			}
		})
	}
}

func TestTheRobotWantsAPostOfJSON(t *testing.T) {
	s := sink.NewDingTalk(sink.Robot{Token: "k"}, nil)
	if _, answer := ask(s, "/?access_token=k", nil, `{}`); !strings.Contains(answer, `"errcode":43004`) {
		t.Errorf("without a content type: %s, want 43004", answer)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/?access_token=k", nil))
	if answer := w.Body.String(); !strings.Contains(answer, `"errcode":43002`) {
		t.Errorf("GET: %s, want 43002", answer)
	}
}

func TestOnlyACallInTheTextRings(t *testing.T) {
	s := sink.NewDingTalk(sink.Robot{Token: "k"}, nil)
	ask(s, "/?access_token=k", http.Header{"Content-Type": {"application/json"}},
		`{"msgtype":"text","text":{"content":"@zhang come"},"at":{"atUserIds":["zhang","li"]}}`)
	if got := s.Messages()[0].Mentions; len(got) != 1 || got[0] != "zhang" {
		t.Errorf("calls %v, want zhang alone: @li is not in the text", got)
	}
}
