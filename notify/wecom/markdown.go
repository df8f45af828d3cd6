package wecom

import (
	"strings"

	"prowatch/notify"
	"prowatch/watch"
)

// markdown renders the document in the robot's own markdown: headings, bold,
// links, quotes, three colours, and <@user>.
func markdown(d notify.Document, users []string) string {
	var sections []string
	for _, t := range d.Texts {
		sections = append(sections, section(t))
	}
	if d.Closing != "" {
		sections = append(sections, closing(d))
	}
	if len(users) > 0 {
		sections = append(sections, "<@"+strings.Join(users, "><@")+">")
	}
	return strings.Join(sections, "\n\n")
}

func section(t notify.Text) string {
	lines := []string{"### " + coloured(colour(t), t.Tag) + escape(strings.TrimPrefix(t.Title, t.Tag))}
	for _, r := range t.Rows {
		line := row(r)
		if quoted(lines[len(lines)-1]) && !quoted(line) {
			line = "\n" + line // or it would go on in the quote
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n") + "\n\n" + coloured("comment", escape(t.Footer))
}

func quoted(line string) bool { return strings.HasPrefix(line, "> ") }

func row(r notify.Row) string {
	switch r.Part {
	case notify.Remark:
		return coloured("warning", escape(r.Value))
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
		return coloured("comment", escape(d.Closing))
	}
	return link(d.Closing, d.ClosingURL)
}

// colour returns the nearest of the three colours there are: info is green,
// comment grey, warning orange.
func colour(t notify.Text) string {
	switch {
	case t.Good:
		return "info"
	case t.Severity == watch.Info:
		return "comment"
	}
	return "warning"
}

func coloured(colour, text string) string {
	return `<font color="` + colour + `">` + text + `</font>`
}

// link encodes what would end the link early.
func link(label, url string) string {
	return "[" + escape(label) + "](" + strings.NewReplacer("(", "%28", ")", "%29", " ", "%20").Replace(url) + ")"
}

// escape takes the markup out of a text that others wrote, so that an error
// message can neither call people nor show a false link. The robot's markdown
// has no escape of its own: look-alikes stand in.
func escape(text string) string {
	return strings.NewReplacer("<", "＜", "[", "［", "]", "］", "`", "'", "**", "＊＊").Replace(text)
}
