package sink

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"time"
)

// NewWeCom returns a WeCom group robot. It takes messages at any path with the
// key in the query, 20 a minute, and refuses with HTTP 200
// (developer.work.weixin.qq.com/document/path/91770).
func NewWeCom(key string, o *Options) *Sink {
	return newSink(vendor{
		rate:      20,
		ok:        weComReply(0, "ok"),
		throttled: weComReply(45009, "api freq out of limit"),
		read: func(r *http.Request, body []byte, _ time.Time) (Message, *reply) {
			if r.URL.Query().Get("key") != key {
				return weComRefusal(93000, "invalid webhook url")
			}
			return readWeCom(r, body)
		},
	}, o)
}

// weComBody is a request, of which only the field that Type names counts.
type weComBody struct {
	Type     string    `json:"msgtype"`
	Text     weComText `json:"text"`
	Markdown weComText `json:"markdown"`
	V2       weComText `json:"markdown_v2"`
}

type weComText struct {
	Content string   `json:"content"`
	Users   []string `json:"mentioned_list"`
	Mobiles []string `json:"mentioned_mobile_list"`
}

// weComCall is how markdown calls a user.
var weComCall = regexp.MustCompile(`<@([^>]+)>`)

func readWeCom(r *http.Request, body []byte) (Message, *reply) {
	if r.Method != http.MethodPost {
		return weComRefusal(43002, "require POST method")
	}
	var b weComBody
	if json.Unmarshal(body, &b) != nil {
		return weComRefusal(47001, "data format error")
	}
	m := Message{Kind: b.Type}
	limit := 4096
	switch b.Type {
	case "text":
		limit = 2048
		m.Text = b.Text.Content
		m.Mentions = append(b.Text.Users, b.Text.Mobiles...)
	case "markdown":
		m.Text = b.Markdown.Content
		for _, call := range weComCall.FindAllStringSubmatch(m.Text, -1) {
			m.Mentions = append(m.Mentions, call[1])
		}
	case "markdown_v2":
		m.Text = b.V2.Content
	default:
		return weComRefusal(40008, "invalid message type")
	}
	switch {
	case m.Text == "":
		return weComRefusal(44004, "text content is empty")
	case len(m.Text) > limit:
		return weComRefusal(40058, fmt.Sprintf("%s.content exceed max length %d. invalid Request Parameter", b.Type, limit))
	}
	return m, nil
}

func weComRefusal(code int, text string) (Message, *reply) {
	a := weComReply(code, text)
	return Message{}, &a
}

func weComReply(code int, text string) reply {
	return reply{http.StatusOK, "application/json; charset=UTF-8", weComBodyOf(code, text)}
}

func weComBodyOf(code int, text string) string {
	b, _ := json.Marshal(struct {
		Code int    `json:"errcode"`
		Text string `json:"errmsg"`
	}{code, text})
	return string(b)
}

// WeComFault returns the fault that the robot refuses with the code.
func WeComFault(code int, text string) Fault { return Fault{Body: weComBodyOf(code, text)} }
