package sink

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// NewFeishu returns a Feishu or Lark custom bot. It takes messages at
// /open-apis/bot/v2/hook/ and the token, 100 a minute and 5 a second
// (open.feishu.cn/document/client-docs/bot-v3/add-custom-bot).
func NewFeishu(r Robot, o *Options) *Sink {
	return newSink(vendor{
		rate:      100,
		burst:     5,
		ok:        reply{http.StatusOK, "application/json", `{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}`},
		throttled: feishuReply(11232, "frequency limited"),
		read: func(q *http.Request, body []byte, now time.Time) (Message, *reply) {
			if q.URL.Path != "/open-apis/bot/v2/hook/"+r.Token {
				return feishuRefusal(19001, "param invalid: incoming webhook access token invalid")
			}
			var b feishuBody
			switch {
			case json.Unmarshal(body, &b) != nil, len(body) > 20_000:
				return feishuRefusal(9499, "Bad Request")
			case r.Secret != "" && (!fresh(b.Timestamp, time.Second, now) || b.Sign != feishuSign(b.Timestamp, r.Secret)):
				return feishuRefusal(19021, "sign match fail or timestamp is not within one hour from current time")
			}
			return readFeishu(b, r.Keyword)
		},
	}, o)
}

func feishuSign(stamp, secret string) string {
	mac := hmac.New(sha256.New, []byte(stamp+"\n"+secret))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

type feishuBody struct {
	Timestamp string `json:"timestamp"`
	Sign      string `json:"sign"`
	Type      string `json:"msg_type"`
	Content   struct {
		Text string `json:"text"`
	} `json:"content"`
	Card struct {
		Header struct {
			Title feishuText `json:"title"`
		} `json:"header"`
		Elements []feishuElement `json:"elements"`
	} `json:"card"`
}

type feishuText struct {
	Tag     string `json:"tag"`
	Content string `json:"content"`
}

type feishuElement struct {
	feishuText
	Fields []struct {
		Text feishuText `json:"text"`
	} `json:"fields"`
	Elements []feishuText `json:"elements"`
	Actions  []struct {
		Text feishuText `json:"text"`
		URL  string     `json:"url"`
	} `json:"actions"`
}

func readFeishu(b feishuBody, keyword string) (Message, *reply) {
	m := Message{Kind: b.Type}
	switch b.Type {
	case "text":
		m.Text, m.Mentions = feishuShown(b.Content.Text)
	case "interactive":
		lines := []string{b.Card.Header.Title.Content}
		for _, e := range b.Card.Elements {
			more, calls, ok := e.shown()
			if !ok {
				return feishuRefusal(9499, "Bad Request")
			}
			lines = append(lines, more...)
			m.Mentions = append(m.Mentions, calls...)
		}
		m.Text = strings.Join(lines, "\n")
	default:
		return feishuRefusal(19002, "params error, msg_type need")
	}
	switch {
	case strings.TrimSpace(m.Text) == "":
		return feishuRefusal(9499, "Bad Request")
	case !strings.Contains(m.Text, keyword):
		return feishuRefusal(19024, "Key Words Not Found")
	}
	return m, nil
}

// shown returns what a person sees of the element, and who is called; an
// unknown or empty one is refused.
func (e feishuElement) shown() (lines, calls []string, ok bool) {
	switch {
	case e.Tag == "hr":
		return []string{"────"}, nil, true
	case e.Tag == "markdown" && e.Content != "":
		line, calls := feishuMarkdown(e.Content)
		return []string{line}, calls, true
	case e.Tag == "div" && len(e.Fields) > 0:
		for _, f := range e.Fields {
			line, more := f.Text.shown()
			lines, calls = append(lines, strings.ReplaceAll(line, "\n", " ")), append(calls, more...)
		}
	case e.Tag == "note" && len(e.Elements) > 0:
		for _, t := range e.Elements {
			line, more := t.shown()
			lines, calls = append(lines, line), append(calls, more...)
		}
	case e.Tag == "action" && len(e.Actions) > 0:
		for _, a := range e.Actions {
			lines = append(lines, "<"+a.Text.Content+"> "+a.URL)
		}
	}
	return lines, calls, len(lines) > 0
}

func (t feishuText) shown() (line string, calls []string) {
	if t.Tag == "lark_md" {
		return feishuMarkdown(t.Content)
	}
	return t.Content, nil
}

var (
	feishuCardCall = regexp.MustCompile(`<at id="?([^">]+)"?></at>`)
	feishuTextCall = regexp.MustCompile(`<at user_id="([^"]+)">[^<]*</at>`)
	feishuLink     = regexp.MustCompile(`\[([^\]]*)\]\(([^)]*)\)`)
)

// feishuMarkdown shows links as their address and entities as characters.
func feishuMarkdown(s string) (shown string, calls []string) {
	s, calls = feishuCalls(feishuCardCall, s)
	s = feishuLink.ReplaceAllString(s, "<$1> $2")
	return strings.NewReplacer("&#60;", "<", "&#62;", ">", "&#42;", "*", "&#95;", "_", "&#126;", "~",
		"&#96;", "`", "&#91;", "[", "&#93;", "]", "&#92;", `\`, "&#38;", "&").Replace(s), calls
}

func feishuShown(s string) (shown string, calls []string) { return feishuCalls(feishuTextCall, s) }

func feishuCalls(call *regexp.Regexp, s string) (shown string, calls []string) {
	shown = call.ReplaceAllStringFunc(s, func(markup string) string {
		id := call.FindStringSubmatch(markup)[1]
		calls = append(calls, id)
		return "@" + id
	})
	return shown, calls
}

func feishuRefusal(code int, text string) (Message, *reply) {
	a := feishuReply(code, text)
	return Message{}, &a
}

func feishuReply(code int, text string) reply {
	return reply{http.StatusOK, "application/json", feishuBodyOf(code, text)}
}

func feishuBodyOf(code int, text string) string {
	b, _ := json.Marshal(struct {
		Code int      `json:"code"`
		Data struct{} `json:"data"`
		Text string   `json:"msg"`
	}{Code: code, Text: text})
	return string(b)
}

// FeishuFault returns the fault that the bot refuses with the code.
func FeishuFault(code int, text string) Fault { return Fault{Body: feishuBodyOf(code, text)} }
