package discord

import (
	"regexp"
	"strings"

	"prowatch/notify"
	"prowatch/watch"
)

// Limits, in characters where not said otherwise
// (docs.discord.com/developers/resources/message#embed-object-embed-limits).
const (
	maxContent     = 2000
	maxEmbeds      = 10
	maxTitle       = 256
	maxDescription = 4096
	maxFields      = 25 // in an embed
	maxName        = 256
	maxValue       = 1024
	maxFooter      = 2048
	maxTotal       = 6000 // all texts of all embeds
)

// The colours of the bar beside an embed.
const (
	green  = 0x2DA44E
	blue   = 0x3B82C4
	orange = 0xF0A020
	red    = 0xD83A2E
)

type embed struct {
	Title       string  `json:"title,omitempty"`
	Description string  `json:"description,omitempty"`
	Color       int     `json:"color,omitempty"`
	Fields      []field `json:"fields,omitempty"`
	Footer      *footer `json:"footer,omitempty"`
}

type field struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline"`
}

type footer struct {
	Text string `json:"text"`
}

// content is what a banner shows, and all that can call people: the title.
func content(d notify.Document, c calls) string { return "**" + escape(d.Title) + "**" + c.text }

// embeds lays the document out, one embed a notice. One alone has its title in
// the content.
func embeds(d notify.Document) []embed {
	var all []embed
	for _, t := range d.Texts {
		e := notice(t)
		if len(d.Texts) > 1 {
			e = e.titled(t.Title)
		}
		all = append(all, e)
	}
	if d.Closing != "" {
		all = append(all, embed{Description: closing(d)})
	}
	return all
}

func notice(t notify.Text) embed {
	e := embed{Color: colour(t), Footer: &footer{t.Footer}}
	var lines []string
	for _, r := range t.Rows {
		if r.Part == notify.Fact {
			e.Fields = append(e.Fields, field{escape(r.Label), escape(r.Value), true})
			continue
		}
		lines = append(lines, line(r))
	}
	e.Description = strings.Join(lines, "\n")
	return e
}

// titled puts the title where there is room: it is not cut.
func (e embed) titled(title string) embed {
	if title = escape(title); notify.Units(title) > maxTitle {
		e.Description = "**" + title + "**\n" + e.Description
		return e
	}
	e.Title = title
	return e
}

func line(r notify.Row) string {
	switch r.Part {
	case notify.Remark:
		return "*" + escape(r.Value) + "*"
	case notify.Means:
		return escape(r.Value)
	case notify.Action:
		return "**" + link(r.Label, r.URL) + "**"
	case notify.Runbook:
		return link(r.Label, r.URL)
	case notify.Detail:
		return "> " + escape(r.Lead()) + escape(r.Value)
	}
	return "**" + escape(strings.TrimSpace(r.Lead())) + "** " + escape(r.Value)
}

func closing(d notify.Document) string {
	if d.ClosingURL == "" {
		return escape(d.Closing)
	}
	return link(d.Closing, d.ClosingURL)
}

func colour(t notify.Text) int {
	switch {
	case t.Good:
		return green
	case t.Severity == watch.Critical:
		return red
	case t.Severity == watch.Warning:
		return orange
	}
	return blue
}

// plain renders the document without embeds.
func plain(d notify.Document, c calls) string { return escape(notify.Plain(d)) + "\n" + c.text }

// fits reports whether the embeds are within all of Discord's limits.
func fits(all []embed) bool {
	total := 0
	within := func(text string, most int) bool {
		n := notify.Units(text)
		total += n
		return n <= most
	}
	for _, e := range all {
		if !within(e.Title, maxTitle) || !within(e.Description, maxDescription) || len(e.Fields) > maxFields {
			return false
		}
		for _, f := range e.Fields {
			if !within(f.Name, maxName) || !within(f.Value, maxValue) {
				return false
			}
		}
		if e.Footer != nil && !within(e.Footer.Text, maxFooter) {
			return false
		}
	}
	return len(all) <= maxEmbeds && total <= maxTotal
}

// link encodes what would end the link early.
func link(label, url string) string {
	return "[" + escape(label) + "](" + strings.NewReplacer("(", "%28", ")", "%29", " ", "%20").Replace(url) + ")"
}

// address is a URL of characters that make no markup within one.
var address = regexp.MustCompile(`https?://[A-Za-z0-9._~:/?#@!$&'+,;=%-]+`)

var markup = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "~", `\~`, "`", "\\`", "|", `\|`, "<", `\<`, "](", `]\(`)

// escape takes the markup out of a text that others wrote, so that it can
// neither show a false link nor name people. What makes no markup is left, for
// banners show the backslashes; so are URLs, which would break.
func escape(text string) string {
	var b strings.Builder
	from := 0
	for _, at := range address.FindAllStringIndex(text, -1) {
		b.WriteString(markup.Replace(text[from:at[0]]) + text[at[0]:at[1]])
		from = at[1]
	}
	return b.String() + markup.Replace(text[from:])
}
