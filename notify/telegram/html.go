package telegram

import (
	"html"
	"regexp"
	"strings"

	"prowatch/notify"
)

// render writes the document in the HTML that the bot API takes
// (core.telegram.org/bots/api#html-style), and at its end who is called.
func render(d notify.Document, called []string) string {
	var sections []string
	for _, t := range d.Texts {
		sections = append(sections, section(t))
	}
	if d.Closing != "" {
		sections = append(sections, closing(d))
	}
	if len(called) > 0 {
		sections = append(sections, calls(called))
	}
	return strings.Join(sections, "\n\n")
}

// section is one text: the title, what matters, and after empty lines what to
// do and what else is known. The colour, which text cannot have here, stands
// behind the title, so that a phone's banner shows the time whole.
func section(t notify.Text) string {
	head := []string{"<b>" + escape(t.Title) + "</b> " + t.Mark()}
	var links, facts []string
	for _, r := range t.Rows {
		switch r.Part {
		case notify.Remark:
			head = append(head, "<i>"+escape(r.Value)+"</i>")
		case notify.Action, notify.Runbook:
			links = append(links, link(r.Label, r.URL))
		case notify.Means:
			head = append(head, escape(r.Value))
		case notify.Change, notify.Deadline:
			head = append(head, escape(r.Lead())+"<b>"+escape(r.Value)+"</b>")
		case notify.Detail:
			head = append(head, escape(r.Lead())+escape(r.Value))
		default:
			facts = append(facts, escape(r.Lead())+escape(r.Value))
		}
	}
	parts := []string{strings.Join(head, "\n")}
	if len(links) > 0 {
		parts = append(parts, strings.Join(links, " · "))
	}
	facts = append(facts, "<i>"+escape(t.Footer)+"</i>")
	return strings.Join(append(parts, strings.Join(facts, "\n")), "\n\n")
}

func closing(d notify.Document) string {
	if d.ClosingURL == "" {
		return "<i>" + escape(d.Closing) + "</i>"
	}
	return link(d.Closing, d.ClosingURL)
}

func link(label, url string) string {
	return `<a href="` + html.EscapeString(url) + `">` + escape(label) + "</a>"
}

// userID is a user's number; anything else is a username.
var userID = regexp.MustCompile(`^[0-9]+$`)

func calls(names []string) string {
	var parts []string
	for _, name := range names {
		name = strings.TrimPrefix(strings.TrimSpace(name), "@")
		if userID.MatchString(name) {
			parts = append(parts, `<a href="tg://user?id=`+name+`">`+name+`</a>`)
		} else {
			parts = append(parts, "@"+html.EscapeString(name))
		}
	}
	return strings.Join(parts, " ")
}

// call finds what the service would take for a call to a username.
var call = regexp.MustCompile(`(^|[^A-Za-z0-9_.+-])@([A-Za-z0-9_])`)

// escape takes the markup out of a text that others wrote, and the calls: an
// error message must not call people.
func escape(text string) string {
	return html.EscapeString(call.ReplaceAllString(text, "$1＠$2"))
}

// tag is markup; a < of a text is written as an entity.
var tag = regexp.MustCompile(`<[^>]*>`)

// visible returns what is left of the HTML for the limit to count.
func visible(s string) string { return html.UnescapeString(tag.ReplaceAllString(s, "")) }
