package sink_test

import (
	"strconv"
	"strings"
	"testing"

	"prowatch/notify/sink"
)

func TestTheBotRefusesAsTelegramDoes(t *testing.T) {
	text := func(mode, text string) string {
		return `{"chat_id":"-100","parse_mode":"` + mode + `","text":` + strconv.Quote(text) + `}`
	}
	long := strings.Repeat("密", 4096)
	for _, tt := range []struct {
		name, path, body string
		want             int
		said             string
	}{
		{"takes text", "/bot1:a/sendMessage", text("", "a < b"), 200, `"ok":true`},
		{"takes HTML", "/bot1:a/sendMessage", text("HTML", `<b>a &lt; <i>b</i></b> <a href="https://x/?a&amp;b">c</a>`), 200, `"ok":true`},
		{"takes a chat's number", "/bot1:a/sendMessage", `{"chat_id":-100,"text":"a"}`, 200, `"ok":true`},
		{"counts characters, not bytes", "/bot1:a/sendMessage", text("", long), 200, `"ok":true`},
		{"does not count markup", "/bot1:a/sendMessage", text("HTML", "<b>"+long+"</b>"), 200, `"ok":true`},
		{"counts an emoji twice", "/bot1:a/sendMessage", text("", "🔴"+long[3:]), 400, "message is too long"},
		{"another bot", "/bot1:b/sendMessage", text("", "a"), 401, "Unauthorized"},
		{"another method", "/bot1:a/sendPoem", text("", "a"), 404, "Not Found"},
		{"another chat", "/bot1:a/sendMessage", `{"chat_id":"-7","text":"a"}`, 400, "chat not found"},
		{"nothing", "/bot1:a/sendMessage", text("HTML", "<b></b>"), 400, "message text is empty"},
		{"a bare <", "/bot1:a/sendMessage", text("HTML", "a < b"), 400, "can't parse entities"},
		{"a bare &", "/bot1:a/sendMessage", text("HTML", "a & b"), 400, "can't parse entities"},
		{"an unknown tag", "/bot1:a/sendMessage", text("HTML", "<font>a</font>"), 400, "can't parse entities"},
		{"tags that cross", "/bot1:a/sendMessage", text("HTML", "<b><i>a</b></i>"), 400, "can't parse entities"},
		{"a tag left open", "/bot1:a/sendMessage", text("HTML", "<b>a"), 400, "can't parse entities"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := sink.NewTelegram("1:a", []string{"-100"}, nil)
			status, answer := ask(s, tt.path, nil, tt.body)
			if status != tt.want || !strings.Contains(answer, tt.said) {
				t.Errorf("answer %d %s, want %d and %s", status, answer, tt.want, tt.said)
			}
		})
	}
}

func TestTheBotSaysHowLongToWait(t *testing.T) {
	s := sink.NewTelegram("1:a", []string{"-100"}, &sink.Options{Rate: 1})
	for _, want := range []string{`"ok":true`, `"retry_after":35`} {
		if _, answer := ask(s, "/bot1:a/sendMessage", nil, `{"chat_id":"-100","text":"a"}`); !strings.Contains(answer, want) {
			t.Errorf("answer %s, want %s", answer, want)
		}
	}
}
