package slack

import (
	"strings"

	"prowatch/notify"
)

// Limits of Block Kit, in characters where not said otherwise
// (docs.slack.dev/reference/block-kit/blocks and …/composition-objects/text-object).
const (
	maxBlocks  = 50 // in a message
	maxHeader  = 150
	maxSection = 3000 // and the text of a context
	maxFields  = 10   // in a section
	maxField   = 2000

	// maxTotal is for all blocks as JSON. It is not documented: refusals were
	// seen from about 13 200 on, and "12 000 with a buffer for the containers" is
	// the vendor's word (github.com/slackapi/bolt-js/issues/2509).
	maxTotal = 12_000

	// maxText is for the text beside the blocks, the length that the vendor calls
	// best (docs.slack.dev/changelog/2018-truncating-really-long-messages).
	maxText = 4000
)

type block struct {
	Type     string       `json:"type"`
	Text     *textObject  `json:"text,omitempty"`
	Fields   []textObject `json:"fields,omitempty"`
	Elements []textObject `json:"elements,omitempty"`
}

// A textObject is plain_text or mrkdwn. Verbatim keeps Slack from making links
// and calls of what others wrote.
type textObject struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Verbatim bool   `json:"verbatim,omitempty"`
}

func mrkdwn(text string) textObject { return textObject{Type: "mrkdwn", Text: text, Verbatim: true} }

func section(text string) block {
	t := mrkdwn(text)
	return block{Type: "section", Text: &t}
}

func smallPrint(text string) block {
	return block{Type: "context", Elements: []textObject{mrkdwn(text)}}
}

// blocks lays the document out: for each notice a header, the text, the facts
// side by side and the ids in small print.
func blocks(d notify.Document, calls []string) []block {
	var all []block
	for _, t := range d.Texts {
		all = append(all, notice(t)...)
	}
	if d.Closing != "" {
		all = append(all, smallPrint(closing(d)))
	}
	if len(calls) > 0 {
		all = append(all, section(strings.Join(calls, " ")))
	}
	return all
}

func notice(t notify.Text) []block {
	var lines []string
	var facts []textObject
	for _, r := range t.Rows {
		if r.Part == notify.Fact {
			facts = append(facts, mrkdwn("*"+escape(r.Label)+"*\n"+escape(r.Value)))
			continue
		}
		lines = append(lines, line(r))
	}
	all := []block{header(t.Mark() + " " + t.Title)}
	if len(lines) > 0 {
		all = append(all, section(strings.Join(lines, "\n")))
	}
	if len(facts) > 0 {
		all = append(all, block{Type: "section", Fields: facts})
	}
	return append(all, smallPrint(escape(t.Footer)))
}

// header is a section where the title is too long for one: a title is not cut.
func header(title string) block {
	if notify.Units(title) > maxHeader {
		return section("*" + escape(title) + "*")
	}
	return block{Type: "header", Text: &textObject{Type: "plain_text", Text: title}}
}

func line(r notify.Row) string {
	switch r.Part {
	case notify.Remark:
		return "_" + escape(r.Value) + "_"
	case notify.Means:
		return escape(r.Value)
	case notify.Action:
		return "*" + link(r.Label, r.URL) + "*"
	case notify.Runbook:
		return link(r.Label, r.URL)
	case notify.Detail:
		return "> " + escape(r.Lead()) + escape(r.Value)
	}
	return "*" + escape(strings.TrimSpace(r.Lead())) + "* " + escape(r.Value)
}

func closing(d notify.Document) string {
	if d.ClosingURL == "" {
		return escape(d.Closing)
	}
	return link(d.Closing, d.ClosingURL)
}

// text renders the document without a layout.
func text(d notify.Document, calls []string) string {
	return strings.TrimSpace(escape(notify.Plain(d)) + "\n" + strings.Join(calls, " "))
}

// fits reports whether the blocks are within all of Slack's limits.
func fits(all []block) bool {
	body, err := notify.JSON(all)
	if err != nil || len(all) > maxBlocks || notify.Units(string(body)) > maxTotal {
		return false
	}
	for _, b := range all {
		if len(b.Fields) > maxFields || b.Text != nil && notify.Units(b.Text.Text) > maxSection {
			return false
		}
		for _, f := range b.Fields {
			if notify.Units(f.Text) > maxField {
				return false
			}
		}
		for _, e := range b.Elements {
			if notify.Units(e.Text) > maxSection {
				return false
			}
		}
	}
	return true
}

// link encodes what would end the link early.
func link(label, url string) string {
	url = strings.NewReplacer("<", "%3C", ">", "%3E", "|", "%7C", " ", "%20").Replace(url)
	return "<" + escape(url) + "|" + escape(label) + ">"
}

// escape keeps a text that others wrote from calling people or showing a false
// link: both need "<".
func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}
