package sink

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
)

// telegramWait is how long a bot that sent too much is told to wait, in seconds.
const telegramWait = 35

// NewTelegram returns the bot API, with one bot that is in the chats. It takes
// 20 messages a minute, as a group does (core.telegram.org/bots/faq).
func NewTelegram(token string, chats []string, o *Options) *Sink {
	return newSink(vendor{
		rate: 20,
		ok: reply{http.StatusOK, "application/json",
			`{"ok":true,"result":{"message_id":42,"date":1795482420,"chat":{"id":-100,"type":"supergroup"}}}`},
		throttled: telegramReply(429, fmt.Sprintf("Too Many Requests: retry after %d", telegramWait),
			fmt.Sprintf(`{"retry_after":%d}`, telegramWait)),
		read: func(r *http.Request, body []byte, _ time.Time) (Message, *reply) {
			got, method, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
			switch {
			case method != "sendMessage":
				return telegramRefusal(404, "Not Found")
			case got != token:
				return telegramRefusal(401, "Unauthorized")
			}
			return readTelegram(chats, body)
		},
	}, o)
}

func readTelegram(chats []string, body []byte) (Message, *reply) {
	var b struct {
		ChatID json.RawMessage `json:"chat_id"`
		Text   string          `json:"text"`
		Mode   string          `json:"parse_mode"`
	}
	if json.Unmarshal(body, &b) != nil || len(b.ChatID) == 0 {
		return telegramRefusal(400, "Bad Request: chat_id is empty")
	}
	if !slices.Contains(chats, strings.Trim(string(b.ChatID), `"`)) {
		return telegramRefusal(400, "Bad Request: chat not found")
	}
	seen := b.Text
	if b.Mode == "HTML" {
		var fault string
		if seen, fault = telegramParse(b.Text); fault != "" {
			return telegramRefusal(400, "Bad Request: can't parse entities: "+fault)
		}
	}
	switch {
	case strings.TrimSpace(seen) == "":
		return telegramRefusal(400, "Bad Request: message text is empty")
	case len(utf16.Encode([]rune(seen))) > 4096:
		return telegramRefusal(400, "Bad Request: message is too long")
	}
	m := Message{Kind: b.Mode, Text: b.Text}
	for _, call := range telegramCall.FindAllStringSubmatch(b.Text, -1) {
		m.Mentions = append(m.Mentions, call[1]+call[2])
	}
	return m, nil
}

// telegramCall is how a user is called: by a link with the id, or by @username.
var telegramCall = regexp.MustCompile(`<a href="tg://user\?id=([0-9]+)"|(?:^|[^\w.+-])(@\w+)`)

// telegramMarkup is what stands between two pieces of text: a tag, an entity, or
// a character that should have been written as one.
var telegramMarkup = regexp.MustCompile(`<(/?)(b|i|u|s|a|code|pre|blockquote)( href="[^"<>]*")?>|&(?:lt|gt|amp|quot|#[0-9]+);|[<>&]`)

// telegramParse returns what is seen of the HTML, or what is wrong with it.
func telegramParse(text string) (seen, fault string) {
	var open []string
	for _, m := range telegramMarkup.FindAllStringSubmatch(text, -1) {
		name := m[2]
		switch {
		case name == "" && len(m[0]) == 1:
			return "", "Unsupported start tag or entity at " + m[0]
		case name == "":
		case m[1] == "":
			open = append(open, name)
		case len(open) == 0 || open[len(open)-1] != name:
			return "", fmt.Sprintf("Unmatched end tag %q", name)
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return "", fmt.Sprintf("Can't find end tag corresponding to start tag %q", open[0])
	}
	return telegramMarkup.ReplaceAllStringFunc(text, func(s string) string {
		if s[0] == '<' {
			return ""
		}
		return html.UnescapeString(s)
	}), ""
}

func telegramRefusal(code int, text string) (Message, *reply) {
	r := telegramReply(code, text, "")
	return Message{}, &r
}

func telegramReply(code int, text, parameters string) reply {
	f := TelegramFault(code, text, parameters)
	return reply{f.Status, "application/json", f.Body}
}

// TelegramFault returns the fault that the bot API refuses with the code. The
// parameters are a JSON object or "".
func TelegramFault(code int, text, parameters string) Fault {
	if parameters == "" {
		parameters = "{}"
	}
	b, _ := json.Marshal(struct {
		OK          bool            `json:"ok"`
		Code        int             `json:"error_code"`
		Description string          `json:"description"`
		Parameters  json.RawMessage `json:"parameters"`
	}{false, code, text, json.RawMessage(parameters)})
	return Fault{Status: code, Body: string(b)}
}
