package sink

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Robot is how a DingTalk or Feishu robot is secured.
type Robot struct {
	Token   string // in its URL
	Secret  string // that requests are signed with, "" for none
	Keyword string // that every message must hold, "" for none
}

// robotSkew is how far the time of a signature may be off.
const robotSkew = time.Hour

// NewDingTalk returns a DingTalk robot. It takes messages at any path with the
// token in the query, 20 a minute, and nothing for ten minutes after more
// (open.dingtalk.com/document/robots/custom-robot-access). A message whose
// msgUuid it has seen is a duplicate.
func NewDingTalk(r Robot, o *Options) *Sink {
	return newSink(vendor{
		rate:      20,
		ban:       10 * time.Minute,
		ok:        dingTalkReply(0, "ok"),
		throttled: dingTalkReply(130101, "send too fast, exceed 20 times per minute"),
		read: func(q *http.Request, body []byte, now time.Time) (Message, *reply) {
			switch query := q.URL.Query(); {
			case q.Method != http.MethodPost:
				return dingTalkRefusal(43002, "require POST method")
			case !strings.HasPrefix(q.Header.Get("Content-Type"), "application/json"):
				return dingTalkRefusal(43004, "invalid http header Content-Type")
			case query.Get("access_token") != r.Token:
				return dingTalkRefusal(300005, "token is not exist")
			case r.Secret != "" && !fresh(query.Get("timestamp"), time.Millisecond, now):
				return dingTalkRefusal(310000, "invalid timestamp, more: [https://ding-doc.dingtalk.com]")
			case r.Secret != "" && query.Get("sign") != dingTalkSign(query.Get("timestamp"), r.Secret):
				return dingTalkRefusal(310000, "sign not match, more: [https://ding-doc.dingtalk.com]")
			}
			return readDingTalk(body, r.Keyword)
		},
	}, o)
}

// fresh reports whether a time in units since 1970 is near enough.
func fresh(stamp string, unit time.Duration, now time.Time) bool {
	n, err := strconv.ParseInt(stamp, 10, 64)
	return err == nil && now.Sub(time.Unix(0, n*int64(unit))).Abs() <= robotSkew
}

func dingTalkSign(stamp, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "\n" + secret))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// dingTalkBody is a request, of which only the field that Type names counts.
type dingTalkBody struct {
	Type string `json:"msgtype"`
	ID   string `json:"msgUuid"`
	Text struct {
		Content string `json:"content"`
	} `json:"text"`
	Markdown struct {
		Title string `json:"title"`
		Text  string `json:"text"`
	} `json:"markdown"`
	At struct {
		Mobiles []string `json:"atMobiles"`
		Users   []string `json:"atUserIds"`
		All     bool     `json:"isAtAll"`
	} `json:"at"`
}

func readDingTalk(body []byte, keyword string) (Message, *reply) {
	var b dingTalkBody
	switch {
	case json.Unmarshal(body, &b) != nil:
		return dingTalkRefusal(40035, "缺少参数 json")
	case len(body) >= 20_000:
		return dingTalkRefusal(460101, "message too long, exceed 20000 bytes")
	}
	m := Message{Kind: b.Type, ID: b.ID}
	banner := b.Markdown.Title
	switch b.Type {
	case "text":
		m.Text, banner = b.Text.Content, b.Text.Content
	case "markdown":
		m.Text = b.Markdown.Text
	default:
		return dingTalkRefusal(400105, "unsupported msgtype")
	}
	switch {
	case m.Text == "" || banner == "":
		return dingTalkRefusal(40035, fmt.Sprintf("缺少参数 %s", b.Type))
	case !strings.Contains(banner+m.Text, keyword):
		return dingTalkRefusal(310000, "keywords not in content, more: [https://ding-doc.dingtalk.com]")
	}
	for _, who := range slices.Concat(b.At.Mobiles, b.At.Users) {
		if strings.Contains(m.Text, "@"+who) { // it does not ring otherwise
			m.Mentions = append(m.Mentions, who)
		}
	}
	if b.At.All {
		m.Mentions = append(m.Mentions, "@all")
	}
	return m, nil
}

func dingTalkRefusal(code int, text string) (Message, *reply) {
	a := dingTalkReply(code, text)
	return Message{}, &a
}

// dingTalkReply has the form of WeCom's.
func dingTalkReply(code int, text string) reply {
	return reply{http.StatusOK, "application/json", weComBodyOf(code, text)}
}

// DingTalkFault returns the fault that the robot refuses with the code.
func DingTalkFault(code int, text string) Fault { return Fault{Body: weComBodyOf(code, text)} }
