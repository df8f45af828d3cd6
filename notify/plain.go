package notify

import "strings"

// Plain renders a document as text without markup.
func Plain(d Document) string {
	var parts []string
	for _, t := range d.Texts {
		parts = append(parts, plainText(t))
	}
	if d.Closing != "" {
		parts = append(parts, strings.TrimSpace(d.Closing+" "+d.ClosingURL))
	}
	return strings.Join(parts, "\n\n")
}

func plainText(t Text) string {
	lines := []string{t.Title}
	for _, r := range t.Rows {
		lines = append(lines, r.String())
	}
	return strings.Join(append(lines, t.Footer), "\n")
}

// String returns the row as one line without markup.
func (r Row) String() string {
	text := strings.TrimSpace(r.Value + " " + r.URL)
	if r.Label == "" {
		return text
	}
	return r.Lead() + text
}
