package email

import (
	"html"
	"strings"

	"prowatch/notify"
	"prowatch/watch"
)

// The page sets no colour for text or ground, so that a reader in dark mode sees
// their own; what has a colour of its own brings both. Styles stand in the
// elements, and what must not wrap is a table, for that is what every mail
// program keeps.
const (
	bodyStyle   = `margin:0;padding:20px 12px;font:15px/1.5 -apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'PingFang SC','Microsoft YaHei',sans-serif`
	sheetStyle  = `max-width:600px;margin:0 auto`
	cardStyle   = `width:100%;margin:0 0 28px;border-left:4px solid `
	tagStyle    = `display:inline-block;padding:1px 8px;border-radius:3px;font-size:12px;font-weight:bold;color:#ffffff;background:`
	titleStyle  = `margin:6px 0 10px;font-size:18px;line-height:1.35`
	labelStyle  = `padding:1px 14px 1px 0;opacity:.7;white-space:nowrap;vertical-align:top;text-align:left;font-weight:normal`
	valueStyle  = `padding:1px 0;vertical-align:top`
	remarkStyle = `margin:0 0 8px;font-style:italic`
	meansStyle  = `margin:10px 0`
	actionStyle = `display:inline-block;margin:0 14px 0 0;padding:8px 16px;border-radius:4px;font-weight:bold;text-decoration:none;color:#ffffff;background:#1f5fbf`
	footerStyle = `margin:12px 0 0;font-size:12px;opacity:.7;word-break:break-word`
	hiddenStyle = `display:none;max-height:0;overflow:hidden`
)

// page renders the document as HTML.
func page(d notify.Document, language string) string {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n<html")
	if language != "" {
		b.WriteString(` lang="` + language + `"`)
	}
	b.WriteString(">\n<head>\n" + `<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
`)
	b.WriteString("<title>" + html.EscapeString(d.Title) + "</title>\n</head>\n")
	b.WriteString(`<body style="` + bodyStyle + "\">\n")
	b.WriteString(element("div", hiddenStyle, preview(d)))
	b.WriteString(`<div style="` + sheetStyle + "\">\n")
	for _, t := range d.Texts {
		b.WriteString(card(t))
	}
	if d.Closing != "" {
		b.WriteString(`<p style="` + meansStyle + `">` + linked(d.Closing, d.ClosingURL, "") + "</p>\n")
	}
	b.WriteString("</div>\n</body>\n</html>\n")
	return b.String()
}

// preview is what a list of mails shows beside the subject.
func preview(d notify.Document) string {
	var parts []string
	for _, part := range []notify.Part{notify.Remark, notify.Deadline, notify.Means} {
		if r, ok := d.Texts[0].Row(part); ok {
			parts = append(parts, r.String())
		}
	}
	return strings.Join(parts, " · ")
}

// card is one text.
func card(t notify.Text) string {
	var remarks, rows, means, links, facts strings.Builder
	for _, r := range t.Rows {
		switch r.Part {
		case notify.Remark:
			remarks.WriteString(element("p", remarkStyle, r.Value))
		case notify.Means:
			means.WriteString(element("p", meansStyle, r.Value))
		case notify.Action:
			links.WriteString(linked(r.Label, r.URL, actionStyle) + "\n")
		case notify.Runbook:
			links.WriteString(linked(r.Label, r.URL, "") + "\n")
		case notify.Fact:
			facts.WriteString(row(r))
		default:
			rows.WriteString(row(r))
		}
	}
	title := strings.TrimSpace(strings.TrimPrefix(t.Title, t.Tag))
	return `<table role="presentation" cellpadding="0" cellspacing="0" style="` + cardStyle + colour(t) + `"><tr><td style="padding:2px 0 2px 16px">` + "\n" +
		element("span", tagStyle+colour(t), strings.Trim(t.Tag, "[]【】")) +
		element("h1", titleStyle, title) +
		remarks.String() + table(rows.String()) + means.String() +
		wrapped("p", "margin:12px 0", links.String()) + table(facts.String()) +
		element("p", footerStyle, t.Footer) +
		"</td></tr></table>\n"
}

// colour is dark enough for white text upon it, and light enough to be seen as a
// line on a black page.
func colour(t notify.Text) string {
	switch {
	case t.Good:
		return "#2b7f45"
	case t.Severity == watch.Critical:
		return "#c9302c"
	case t.Severity == watch.Warning:
		return "#b35900"
	}
	return "#5b6b7b"
}

func row(r notify.Row) string {
	value := html.EscapeString(r.Value)
	if r.Part == notify.Change || r.Part == notify.Deadline {
		value = "<b>" + value + "</b>"
	}
	return "<tr>" + `<th scope="row" style="` + labelStyle + `">` + html.EscapeString(r.Label) + "</th>" +
		`<td style="` + valueStyle + `">` + value + "</td></tr>\n"
}

func table(rows string) string {
	if rows == "" {
		return ""
	}
	return `<table cellpadding="0" cellspacing="0">` + "\n" + rows + "</table>\n"
}

// element writes text in an element.
func element(name, style, text string) string { return wrapped(name, style, html.EscapeString(text)) }

// wrapped writes HTML in an element, nothing where there is none.
func wrapped(name, style, inner string) string {
	if inner == "" {
		return ""
	}
	return "<" + name + ` style="` + style + `">` + inner + "</" + name + ">\n"
}

// linked writes a link, or its label alone where the URL is no page of the web.
func linked(label, url, style string) string {
	if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") {
		return html.EscapeString(label)
	}
	a := `<a href="` + html.EscapeString(url) + `"`
	if style != "" {
		a += ` style="` + style + `"`
	}
	return a + ">" + html.EscapeString(label) + "</a>"
}
