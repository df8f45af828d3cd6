package main

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"prowatch/notify/sink"
)

const sinkHelp = `Sink is a chat on this machine: it speaks as each of the real ones does, checks what
they check (signatures, sizes, rates) and refuses with their own codes. Open its
URL in a browser to see the messages as they would look. The lines it prints go
into prowatch.yaml.

Let the next requests of a vendor fail, to see what becomes of a message:

  curl -X PUT http://127.0.0.1:9901/wecom/fail -d '{"Status": 503, "Times": 3}'`

// sinkSecret signs what the sink checks a signature of.
const sinkSecret = "whsec_cHJvd2F0Y2gtc2luay1sb2NhbC1zZWNyZXQ="

// A sinkVendor is one chat of the sink.
type sinkVendor struct {
	Name   string
	Config string // its channel in prowatch.yaml, with %s for the sink's URL
	sink   messenger
}

// A messenger is a chat, or the mail server.
type messenger interface{ Messages() []sink.Message }

// mailServer is the sink's, as a vendor.
func mailServer(address string) (sinkVendor, *sink.SMTP) {
	server := sink.NewSMTP(sink.SMTPOptions{})
	return sinkVendor{"email", `{type: email, smtp: "` + address + `", tls: none, from: prowatch@example.com, to: [you@example.com]}`, server}, server
}

func sinkVendors() []sinkVendor {
	return []sinkVendor{
		{"wecom", `{type: wecom, url: "%s/wecom/cgi-bin/webhook/send?key=sink"}`, sink.NewWeCom("sink", nil)},
		{"dingtalk", `{type: dingtalk, url: "%s/dingtalk/robot/send?access_token=sink", secret: SECsink}`, sink.NewDingTalk(sink.Robot{Token: "sink", Secret: "SECsink"}, nil)},
		{"feishu", `{type: feishu, url: "%s/feishu/open-apis/bot/v2/hook/sink", secret: sink-secret}`, sink.NewFeishu(sink.Robot{Token: "sink", Secret: "sink-secret"}, nil)},
		{"slack", `{type: slack, url: "%s/slack/services/T0/B0/sink"}`, sink.NewSlack("/services/T0/B0/sink", nil)},
		{"teams", `{type: teams, url: "%s/teams/workflows/0/triggers/manual/paths/invoke?sig=sink"}`, sink.NewTeams("sink", nil)},
		{"discord", `{type: discord, url: "%s/discord/api/v10/webhooks/1/sink"}`, sink.NewDiscord("1", "sink", nil)},
		{"telegram", `{type: telegram, url: "%s/telegram", token: "1:sink", chat_id: "-100"}`, sink.NewTelegram("1:sink", []string{"-100"}, nil)},
		{"pagerduty", `{type: pagerduty, url: "%s/pagerduty", routing_key: 5153b3e86f5b4d0ea9cd7c8dd5d4b4a1}`, sink.NewPagerDuty("5153b3e86f5b4d0ea9cd7c8dd5d4b4a1", nil)},
		{"webhook", `{type: webhook, url: "%s/webhook", secret: ` + sinkSecret + `}`, sink.NewWebhook(sinkSecret, nil)},
	}
}

func (p *process) sinkVerb() *cobra.Command {
	var listen, smtp string
	cmd := verb("sink", "Be a chat on this machine, with a page", sinkHelp, noArgs,
		func(cmd *cobra.Command, _ []string) error {
			vendors := sinkVendors()
			mail, err := net.Listen("tcp", smtp)
			if err != nil {
				return failed(fmt.Errorf("--smtp %s: %w", smtp, err))
			}
			vendor, server := mailServer(mail.Addr().String())
			vendors = append(vendors, vendor)
			go server.Serve(mail)
			defer server.Close()
			return p.serve(cmd.Context(), sinkHandler(vendors), listen, func(url string) {
				fmt.Fprintf(p.stdout, "a chat is at %s\n\nchannels:\n", url)
				for i := range vendors {
					vendors[i].Config = strings.ReplaceAll(vendors[i].Config, "%s", url)
					fmt.Fprintf(p.stdout, "  %s: %s\n", vendors[i].Name, vendors[i].Config)
				}
			})
		})
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:9901", "`address` to listen on")
	cmd.Flags().StringVar(&smtp, "smtp", "127.0.0.1:9925", "`address` that takes mail")
	return cmd
}

//go:embed page
var pages embed.FS

var sinkPage = template.Must(template.ParseFS(pages, "page/sink.html"))

func sinkHandler(vendors []sinkVendor) http.Handler {
	mux := http.NewServeMux()
	for _, v := range vendors {
		chat, ok := v.sink.(*sink.Sink)
		if !ok {
			continue
		}
		mux.Handle("/"+v.Name+"/", http.StripPrefix("/"+v.Name, chat))
		mux.Handle("/"+v.Name, http.StripPrefix("/"+v.Name, chat))
		mux.HandleFunc("PUT /"+v.Name+"/fail", func(w http.ResponseWriter, r *http.Request) {
			var f sink.Fault
			d := json.NewDecoder(r.Body)
			d.DisallowUnknownFields()
			if err := d.Decode(&f); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			if f.Status != 0 && (f.Status < 200 || f.Status > 599) {
				http.Error(w, "Status must be from 200 to 599", http.StatusBadRequest)
				return
			}
			chat.Fail(f)
			w.WriteHeader(http.StatusNoContent)
		})
	}
	show := func(name string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'")
			var b bytes.Buffer
			if err := sinkPage.ExecuteTemplate(&b, name, sinkView(vendors)); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			_, _ = b.WriteTo(w)
		}
	}
	mux.HandleFunc("GET /{$}", show("sink.html"))
	mux.HandleFunc("GET /messages", show("messages"))
	mux.HandleFunc("GET /sink.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, pages, "page/sink.js")
	})
	return mux
}

// sinkMessage is a message as the page shows it.
type sinkMessage struct {
	Vendor, Kind, At, Mentions, Body string
	HTML                             template.HTML
	Duplicate                        bool
	at                               time.Time
}

func sinkView(vendors []sinkVendor) any {
	var messages []sinkMessage
	for _, v := range vendors {
		for _, m := range v.sink.Messages() {
			messages = append(messages, sinkMessage{
				Vendor: v.Name, Kind: m.Kind, At: m.At.Format("15:04:05"), Mentions: strings.Join(m.Mentions, ", "),
				Body: indented(m.Body), HTML: markup(gist(m.Text)), Duplicate: m.Duplicate, at: m.At,
			})
		}
	}
	slices.SortStableFunc(messages, func(a, b sinkMessage) int { return b.at.Compare(a.at) })
	return map[string]any{"Messages": messages, "Vendors": vendors}
}

func indented(body []byte) string {
	var b bytes.Buffer
	if json.Indent(&b, body, "", "  ") != nil {
		return string(body)
	}
	return b.String()
}

// gist is what a person would be shown of a message for machines: what a pager
// does and says, or an event's type and account. Any other text is itself.
func gist(text string) string {
	var m struct {
		Action  string `json:"event_action"`
		Key     string `json:"dedup_key"`
		Payload struct{ Summary string }
		Type    string
		Subject string
		Data    struct{ Severity, ID string }
	}
	switch {
	case json.Unmarshal([]byte(text), &m) != nil:
		return text
	case m.Payload.Summary != "":
		return strings.TrimSpace(fmt.Sprintf("**%s** %s\n%s", m.Payload.Summary, m.Action, m.Key))
	case m.Type != "":
		return fmt.Sprintf("**%s** %s\n%s · id %s", m.Type, m.Data.Severity, m.Subject, m.Data.ID)
	}
	return text
}

// marks are what the vendors' markups have in common, on text that is escaped.
var marks = []struct {
	mark *regexp.Regexp
	html string
}{
	{regexp.MustCompile(`&lt;font color=&#34;(info|warning|comment)&#34;&gt;(.*?)&lt;/font&gt;`), `<span class="$1">$2</span>`},
	{regexp.MustCompile(`\[([^\]\n]+)\]\((https?://[^)\s]+)\)`), `<a href="$2">$1</a>`},
	{regexp.MustCompile(`&lt;(https?://[^|&\s]+)\|(.+?)&gt;`), `<a href="$1">$2</a>`},
	{regexp.MustCompile(`(?m)^#+ (.*)$`), `<b>$1</b>`},
	{regexp.MustCompile(`\*\*(.+?)\*\*`), `<b>$1</b>`},
	{regexp.MustCompile(`(?m)^&gt; ?(.*)$`), `<blockquote>$1</blockquote>`},
	{regexp.MustCompile(`&lt;(/?)(b|i|u|s|code)&gt;`), `<$1$2>`},
	{regexp.MustCompile(`&lt;a href=&#34;(https?://[^&]+)&#34;&gt;(.*?)&lt;/a&gt;`), `<a href="$1">$2</a>`},
}

// markup shows a chat's text. It is escaped first, so that only what the marks
// make is HTML.
func markup(text string) template.HTML {
	s := html.EscapeString(text)
	for _, m := range marks {
		s = m.mark.ReplaceAllString(s, m.html)
	}
	return template.HTML(s)
}
