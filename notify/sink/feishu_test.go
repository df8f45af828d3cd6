package sink_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"prowatch/notify/sink"
)

// A signature of Feishu's at 1700000000 s, made with Python:
//
//	python3 -c 'import base64,hmac; print(base64.b64encode(hmac.new(b"1700000000\nmysecret", b"", "sha256").digest()).decode())'
const feishuSignature = "Jp33/xXhCipDEpjyHvEyc7mRSyXWHbNz6J8+C3qQKNo="

func TestTheBotRefusesAsFeishuDoes(t *testing.T) {
	const path = "/open-apis/bot/v2/hook/k"
	at := time.Unix(1700000000, 0)
	signed := func(rest string) string {
		return `{"timestamp":"1700000000","sign":"` + feishuSignature + `",` + rest + `}`
	}
	card := signed(`"msg_type":"interactive","card":{"header":{"title":{"tag":"plain_text","content":"prowatch"}},"elements":[{"tag":"hr"}]}`)
	text := signed(`"msg_type":"text","content":{"text":"prowatch 中"}`)
	sized := func(bytes int) string { return text + strings.Repeat(" ", bytes-len(text)) }
	for _, tt := range []struct {
		name, path, body, want string
		now                    time.Time
	}{
		{"takes a card", path, card, `"code":0`, at},
		{"takes a text", path, text, `"code":0`, at},
		{"takes 20 000 bytes", path, sized(20_000), `"code":0`, at},
		{"20 001 bytes", path, sized(20_001), `"code":9499`, at},
		{"an hour late", path, card, `"code":0`, at.Add(time.Hour)},
		{"more than an hour late", path, card, `"code":19021`, at.Add(time.Hour + time.Second)},
		{"more than an hour early", path, card, `"code":19021`, at.Add(-time.Hour - time.Second)},
		{"no signature", path, `{"msg_type":"text","content":{"text":"prowatch"}}`, `"code":19021`, at},
		{"a signature as DingTalk's", path, strings.Replace(text, feishuSignature, "McH3SmkWFUTCNjuS7zCvruTdpqzVEXRyYB44lIqcsFg=", 1), `"code":19021`, at},
		{"a time that is a number", path, strings.Replace(text, `"1700000000"`, `1700000000`, 1), `"code":9499`, at},
		{"another token", path + "x", card, `"code":19001`, at},
		{"no keyword", path, strings.Replace(card, "prowatch", "x", 1), `"code":19024`, at},
		{"an unknown element", path, strings.Replace(card, `"hr"`, `"poem"`, 1), `"code":9499`, at},
		{"an empty text", path, signed(`"msg_type":"text","content":{"text":""}`), `"code":9499`, at},
		{"another type", path, signed(`"msg_type":"poem"`), `"code":19002`, at},
		{"no JSON", path, "hello", `"code":9499`, at},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := sink.NewFeishu(sink.Robot{Token: "k", Secret: "mysecret", Keyword: "prowatch"},
				&sink.Options{Now: func() time.Time { return tt.now }})
			status, answer := ask(s, tt.path, nil, tt.body)
			if status != http.StatusOK || !strings.Contains(answer, tt.want) {
				t.Errorf("answer %d %s, want 200 and %s", status, answer, tt.want)
			}
			if got, want := len(s.Messages()), strings.Count(tt.want, `"code":0`); got != want {
				t.Errorf("%d messages were taken, want %d", got, want)
			}
		})
	}
}

func TestTheBotTakesFiveASecondAndAHundredAMinute(t *testing.T) {
	now := time.Unix(1700000000, 0)
	s := sink.NewFeishu(sink.Robot{Token: "k"}, &sink.Options{Now: func() time.Time { return now }})
	taken := func() bool {
		_, answer := ask(s, "/open-apis/bot/v2/hook/k", nil, `{"msg_type":"text","content":{"text":"a"}}`)
		return strings.Contains(answer, `"code":0`)
	}
	var burst []bool
	for range 6 {
		burst = append(burst, taken())
	}
	if want := []bool{true, true, true, true, true, false}; !slices.Equal(burst, want) {
		t.Errorf("6 in a second: taken %v, want %v", burst, want)
	}
	now = now.Add(time.Second)
	for n := 6; n <= 101; n++ {
		now = now.Add(300 * time.Millisecond)
		if got := taken(); got != (n <= 100) {
			t.Errorf("message %d of the minute: taken %v", n, got)
		}
	}
}

func TestWhatACardShows(t *testing.T) {
	s := sink.NewFeishu(sink.Robot{Token: "k"}, nil)
	ask(s, "/open-apis/bot/v2/hook/k", nil, `{"msg_type":"interactive","card":{"header":{"title":{"content":"title"}},"elements":[
		{"tag":"markdown","content":"**a** &#60;at id=x&#62; [b](https://c) <at id=all></at>"},
		{"tag":"div","fields":[{"text":{"tag":"lark_md","content":"k\nv"}}]},
		{"tag":"action","actions":[{"text":{"content":"go"},"url":"https://d"}]},
		{"tag":"note","elements":[{"tag":"plain_text","content":"<at id=y></at>"}]}]}}`)
	m := s.Messages()[0]
	if want := "title\n**a** <at id=x> <b> https://c @all\nk v\n<go> https://d\n<at id=y></at>"; m.Text != want {
		t.Errorf("shows %q, want %q", m.Text, want)
	}
	if !slices.Equal(m.Mentions, []string{"all"}) {
		t.Errorf("calls %v, want all", m.Mentions)
	}
}
