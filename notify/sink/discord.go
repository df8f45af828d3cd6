package sink

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// NewDiscord returns a Discord webhook with the id and token. It takes 30
// messages a minute, checks the limits of messages and embeds, and pings whom
// the message allows
// (docs.discord.com/developers/resources/webhook#execute-webhook). Without
// wait=true it answers 204 whatever becomes of the message, and keeps none, lest
// somebody rely on it.
func NewDiscord(id, token string, o *Options) *Sink {
	return newSink(vendor{
		rate:      30,
		ok:        discordReply(http.StatusOK, `{"id":"1310113465273417779","type":0,"channel_id":"1310113465273417700","webhook_id":"`+id+`"}`),
		throttled: discordReply(http.StatusTooManyRequests, `{"message":"You are being rate limited.","retry_after":0.64,"global":false}`),
		read: func(r *http.Request, body []byte, _ time.Time) (Message, *reply) {
			switch path := strings.TrimPrefix(r.URL.Path, "/api/v10/webhooks/"); {
			case path == r.URL.Path, !strings.HasPrefix(path, id+"/"):
				return discordRefusal(http.StatusNotFound, 10015, "Unknown Webhook")
			case path != id+"/"+token:
				return discordRefusal(http.StatusUnauthorized, 50027, "Invalid Webhook Token")
			case r.URL.Query().Get("wait") != "true":
				return Message{}, &reply{status: http.StatusNoContent}
			}
			return readDiscord(body)
		},
	}, o)
}

type discordBody struct {
	Content string
	Embeds  []discordEmbed
	Allowed discordAllowed `json:"allowed_mentions"`
}

type discordAllowed struct{ Parse, Users, Roles []string }

type discordEmbed struct {
	Title, Description string
	Fields             []struct{ Name, Value string }
	Footer             struct{ Text string }
}

func readDiscord(body []byte) (Message, *reply) {
	b := discordBody{Allowed: discordAllowed{Parse: []string{"users", "roles", "everyone"}}}
	switch {
	case json.Unmarshal(body, &b) != nil:
		return discordRefusal(http.StatusBadRequest, 50109, "The request body contains invalid JSON.")
	case b.Content == "" && len(b.Embeds) == 0:
		return discordRefusal(http.StatusBadRequest, 50006, "Cannot send an empty message")
	case characters(b.Content) > 2000, len(b.Embeds) > 10, !b.Allowed.valid():
		return discordRefusal(http.StatusBadRequest, 50035, "Invalid Form Body")
	}
	m := Message{Kind: "embeds", Mentions: b.called()}
	if len(b.Embeds) == 0 {
		m.Kind = "content"
	}
	total, parts := 0, []string{b.Content}
	for _, e := range b.Embeds {
		text, size, ok := e.read()
		if total += size; !ok || total > 6000 {
			return discordRefusal(http.StatusBadRequest, 50035, "Invalid Form Body")
		}
		parts = append(parts, text)
	}
	m.Text = discordShown(strings.Join(parts, "\n\n"))
	return m, nil
}

// read returns what the embed shows, its size and whether it is within limits.
func (e discordEmbed) read() (text string, size int, ok bool) {
	ok = len(e.Fields) <= 25
	var lines []string
	take := func(s string, least, most int) {
		n := characters(s)
		ok = ok && n >= least && n <= most
		size += n
	}
	take(e.Title, 0, 256)
	take(e.Description, 0, 4096)
	for _, s := range []string{e.Title, e.Description} {
		if s != "" {
			lines = append(lines, s)
		}
	}
	for _, f := range e.Fields {
		take(f.Name, 1, 256)
		take(f.Value, 1, 1024)
		lines = append(lines, f.Name+": "+f.Value)
	}
	if take(e.Footer.Text, 0, 2048); e.Footer.Text != "" {
		lines = append(lines, e.Footer.Text)
	}
	return strings.Join(lines, "\n"), size, ok && size > 0
}

// valid reports whether the message names each it allows once, and no kind
// both whole and by name.
func (a discordAllowed) valid() bool {
	once := func(kind string, ids []string) bool {
		sorted := slices.Sorted(slices.Values(ids))
		return len(ids) <= 100 && len(slices.Compact(sorted)) == len(ids) && (len(ids) == 0 || !slices.Contains(a.Parse, kind))
	}
	return once("users", a.Users) && once("roles", a.Roles)
}

// discordCall is a call in the content. In an embed nothing calls.
var discordCall = regexp.MustCompile(`\\?(@everyone|@here|<@[!&]?[0-9]+>)`)

// called returns who is pinged.
func (b discordBody) called() []string {
	allow := func(kind, id string, ids []string) bool {
		return slices.Contains(b.Allowed.Parse, kind) || slices.Contains(ids, id)
	}
	var calls []string
	for _, call := range discordCall.FindAllString(b.Content, -1) {
		id, ok := strings.Trim(call, "<@!&>"), false
		switch {
		case strings.HasPrefix(call, `\<`):
		case strings.HasPrefix(call, "<@&"):
			ok = allow("roles", id, b.Allowed.Roles)
		case strings.HasPrefix(call, "<"):
			ok = allow("users", id, b.Allowed.Users)
		default: // a backslash is no help
			ok = allow("everyone", "", nil)
		}
		if ok {
			calls = append(calls, call)
		}
	}
	return calls
}

var (
	discordLink   = regexp.MustCompile(`\[([^\]]*)\]\(([^)]*)\)`)
	discordEscape = regexp.MustCompile(`\\([\\*_~|<(` + "`" + `])`)
)

// discordShown returns what a person sees.
func discordShown(text string) string {
	return discordEscape.ReplaceAllString(discordLink.ReplaceAllString(text, "$1 $2"), "$1")
}

func discordReply(status int, body string) reply {
	return reply{status, "application/json", body}
}

func discordRefusal(status, code int, text string) (Message, *reply) {
	f := DiscordFault(status, code, text)
	a := discordReply(f.Status, f.Body)
	return Message{}, &a
}

// DiscordFault returns the fault that Discord refuses with the code.
func DiscordFault(status, code int, text string) Fault {
	b, _ := json.Marshal(struct {
		Message string `json:"message"`
		Code    int    `json:"code"`
	}{text, code})
	return Fault{Status: status, Body: string(b)}
}
