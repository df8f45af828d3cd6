package feishu

import (
	"strings"

	"prowatch/notify"
	"prowatch/watch"
)

// A card is in the structure 1.0. A client before 7.20 shows one in 2.0 as a
// title and a wish to be updated (open.feishu.cn/document/feishu-cards/card-json-v2-structure),
// and nothing here needs 2.0.
type card struct {
	Config   map[string]bool `json:"config"`
	Header   header          `json:"header"`
	Elements []element       `json:"elements"`
}

type header struct {
	Title    object `json:"title"`
	Template string `json:"template"` // the colour
}

// An object is a plain_text or, in the bot's markdown, a lark_md.
type object struct {
	Tag     string `json:"tag"`
	Content string `json:"content"`
}

func plainText(s string) object { return object{"plain_text", s} }
func larkMD(s string) object    { return object{"lark_md", s} }

// An element is a part of the card: markdown (Content), div (Fields), action
// (Actions), note (Elements) or hr.
type element struct {
	Tag      string   `json:"tag"`
	Content  string   `json:"content,omitempty"`
	Fields   []field  `json:"fields,omitempty"`
	Actions  []button `json:"actions,omitempty"`
	Elements []object `json:"elements,omitempty"`
}

// A field stands beside another one where there is room.
type field struct {
	Short bool   `json:"is_short"`
	Text  object `json:"text"`
}

type button struct {
	Tag  string `json:"tag"`
	Text object `json:"text"`
	Type string `json:"type"`
	URL  string `json:"url"`
}

// newCard lays the document out: the first title in the header, which is what a
// banner shows, and for each notice its text, buttons, facts and small print.
func newCard(d notify.Document, who []string) *card {
	c := &card{
		Config: map[string]bool{"wide_screen_mode": true},
		Header: header{Title: plainText(d.Title), Template: colour(d.Good, d.Severity)},
	}
	for i, t := range d.Texts {
		if i > 0 {
			c.Elements = append(c.Elements, element{Tag: "hr"}, markdown("**"+t.Mark()+" "+escape(t.Title)+"**"))
		}
		c.Elements = append(c.Elements, notice(t)...)
	}
	if d.Closing != "" {
		c.Elements = append(c.Elements, element{Tag: "hr"}, markdown(closing(d)))
	}
	if len(who) > 0 {
		c.Elements = append(c.Elements, markdown(cardCalls(who)))
	}
	return c
}

func markdown(content string) element { return element{Tag: "markdown", Content: content} }

func notice(t notify.Text) []element {
	var lines []string
	var buttons []button
	var facts []field
	for _, r := range t.Rows {
		switch r.Part {
		case notify.Action:
			buttons = append(buttons, button{"button", plainText(r.Label), "primary", r.URL})
		case notify.Runbook:
			buttons = append(buttons, button{"button", plainText(r.Label), "default", r.URL})
		case notify.Fact:
			facts = append(facts, field{true, larkMD("**" + escape(r.Label) + "**\n" + escape(r.Value))})
		default:
			lines = append(lines, line(r))
		}
	}
	var all []element
	if len(lines) > 0 {
		all = append(all, markdown(strings.Join(lines, "\n")))
	}
	if len(buttons) > 0 {
		all = append(all, element{Tag: "action", Actions: buttons})
	}
	if len(facts) > 0 {
		all = append(all, element{Tag: "div", Fields: facts})
	}
	return append(all, element{Tag: "note", Elements: []object{plainText(t.Footer)}})
}

func line(r notify.Row) string {
	switch r.Part {
	case notify.Remark:
		return "*" + escape(r.Value) + "*"
	case notify.Means:
		return escape(r.Value)
	}
	return "**" + escape(strings.TrimSpace(r.Lead())) + "** " + escape(r.Value)
}

func closing(d notify.Document) string {
	if d.ClosingURL == "" {
		return escape(d.Closing)
	}
	url := strings.NewReplacer("(", "%28", ")", "%29", " ", "%20").Replace(d.ClosingURL)
	return "[" + escape(d.Closing) + "](" + url + ")"
}

func colour(good bool, s watch.Severity) string {
	switch {
	case good:
		return "green"
	case s == watch.Critical:
		return "red"
	case s == watch.Warning:
		return "orange"
	}
	return "blue"
}

// plain renders the document as a text. Its only markup is the call, which no
// text that others wrote may make.
func plain(d notify.Document, who []string) string {
	return strings.TrimSpace(strings.ReplaceAll(notify.Plain(d), "<", "＜") + "\n\n" + textCalls(who))
}

// escape writes the characters of markdown as the vendor's entities, so that a
// text that others wrote can neither call people nor show a false link.
func escape(text string) string {
	return strings.NewReplacer("&", "&#38;", "<", "&#60;", ">", "&#62;", "*", "&#42;", "_", "&#95;", "~", "&#126;",
		"`", "&#96;", "[", "&#91;", "]", "&#93;", `\`, "&#92;").Replace(text)
}
