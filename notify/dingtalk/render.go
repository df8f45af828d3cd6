package dingtalk

import (
	"strings"

	"prowatch/notify"
)

// render renders the document in the robot's markdown: headings, bold, links
// and quotes. It has no colours and ends a line at an empty one or two spaces.
func render(d notify.Document, who call) string {
	var sections []string
	for _, t := range d.Texts {
		sections = append(sections, section(t))
	}
	if d.Closing != "" {
		sections = append(sections, closing(d))
	}
	if s := who.String(); s != "" {
		sections = append(sections, s)
	}
	return strings.Join(sections, "\n\n")
}

func section(t notify.Text) string {
	paragraphs := []string{"### " + t.Mark() + " " + t.Tag + escape(strings.TrimPrefix(t.Title, t.Tag))}
	quoted := false
	for _, r := range t.Rows {
		line := row(r)
		quote := strings.HasPrefix(line, "> ")
		if quote && quoted {
			paragraphs[len(paragraphs)-1] += "  \n" + line
		} else {
			paragraphs = append(paragraphs, line)
		}
		quoted = quote
	}
	return strings.Join(append(paragraphs, escape(t.Footer)), "\n\n")
}

func row(r notify.Row) string {
	switch r.Part {
	case notify.Remark:
		return "*" + escape(r.Value) + "*"
	case notify.Means:
		return escape(r.Value)
	case notify.Action:
		return "**" + link(r.Label, r.URL) + "**"
	case notify.Runbook:
		return link(r.Label, r.URL)
	case notify.Change, notify.Deadline:
		return "> " + escape(r.Lead()) + "**" + escape(r.Value) + "**"
	}
	return "> " + escape(r.Lead()) + escape(r.Value)
}

func closing(d notify.Document) string {
	if d.ClosingURL == "" {
		return escape(d.Closing)
	}
	return link(d.Closing, d.ClosingURL)
}

// plain renders the document without markup.
func plain(d notify.Document, who call) string {
	return strings.TrimSpace(notify.Plain(d) + "\n\n" + who.String())
}

// link encodes what would end the link early.
func link(label, url string) string {
	return "[" + escape(label) + "](" + strings.NewReplacer("(", "%28", ")", "%29", " ", "%20").Replace(url) + ")"
}

// escape takes the markup out of a text that others wrote, so that it cannot
// show a false link or picture. The robot's markdown has no escape that every
// client knows: look-alikes stand in. An @ calls nobody who is not in the call.
func escape(text string) string {
	return strings.NewReplacer("<", "＜", "[", "［", "]", "］", "`", "'", "*", "＊").Replace(text)
}
