package teams

import (
	"strings"
	"unicode/utf16"

	"prowatch/notify"
	"prowatch/watch"
)

// Limits of a card, in bytes as [size] counts them. Teams takes 28 672 bytes of
// "message properties": a request of 24 453 was refused for having 28 897
// (github.com/MicrosoftDocs/msteams-docs/issues/11274). The rest is for what the
// flow adds.
const (
	maxCard  = 26 << 10
	maxPlain = 8 << 10
)

// version is the newest that the flow's action posts
// (github.com/microsoft/AdaptiveCards/issues/8965). It has no tables.
const version = "1.4"

// A card is an Adaptive Card (adaptivecards.io/explorer).
type card struct {
	Schema   string    `json:"$schema"`
	Type     string    `json:"type"`
	Version  string    `json:"version"`
	Fallback string    `json:"fallbackText"`
	Body     []element `json:"body"`
	Teams    extension `json:"msteams"`
}

// An extension is what Teams adds to cards.
type extension struct {
	Width    string   `json:"width"`
	Entities []entity `json:"entities,omitempty"`
}

type entity struct {
	Type      string    `json:"type"`
	Text      string    `json:"text"`
	Mentioned mentioned `json:"mentioned"`
}

type mentioned struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// An element is a TextBlock, a FactSet or an ActionSet.
type element struct {
	Type      string   `json:"type"`
	Text      string   `json:"text,omitempty"`
	Size      string   `json:"size,omitempty"`
	Weight    string   `json:"weight,omitempty"`
	Color     string   `json:"color,omitempty"`
	Wrap      bool     `json:"wrap,omitempty"`
	Subtle    bool     `json:"isSubtle,omitempty"`
	Separator bool     `json:"separator,omitempty"`
	Facts     []fact   `json:"facts,omitempty"`
	Actions   []action `json:"actions,omitempty"`
}

type fact struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

type action struct {
	Type  string `json:"type"`
	Title string `json:"title"`
	URL   string `json:"url"`
}

// cardOf lays the document out: for each notice the title, facts, buttons and
// the ids in small print.
func cardOf(d notify.Document, people []person) card {
	var body []element
	for i, t := range d.Texts {
		elements := notice(t)
		elements[0].Separator = i > 0
		body = append(body, elements...)
	}
	if d.Closing != "" {
		body = append(body, closing(d)...)
	}
	return frame(d, body, people)
}

// plainCard is the document without a layout: Workflows take nothing but cards.
func plainCard(d notify.Document, people []person) card {
	text := strings.ReplaceAll(escape(notify.Plain(d)), "\n", "\n\n") // one is a blank
	return frame(d, []element{{Type: "TextBlock", Text: text, Wrap: true}}, people)
}

func frame(d notify.Document, body []element, people []person) card {
	line, entities := call(people)
	if line != "" {
		body = append(body, element{Type: "TextBlock", Text: line, Wrap: true})
	}
	return card{
		Schema: "http://adaptivecards.io/schemas/adaptive-card.json", Type: "AdaptiveCard", Version: version,
		Fallback: d.Title, Body: body, Teams: extension{Width: "Full", Entities: entities},
	}
}

func notice(t notify.Text) []element {
	all := []element{{Type: "TextBlock", Text: escape(t.Title), Size: "Medium", Weight: "Bolder", Color: colour(t), Wrap: true}}
	for _, r := range t.Rows {
		e := row(r)
		if last := &all[len(all)-1]; last.Type == e.Type && e.Type != "TextBlock" {
			last.Facts = append(last.Facts, e.Facts...)
			last.Actions = append(last.Actions, e.Actions...)
			continue
		}
		all = append(all, e)
	}
	return append(all, smallPrint(t.Footer))
}

func row(r notify.Row) element {
	switch r.Part {
	case notify.Remark:
		return element{Type: "TextBlock", Text: escape(r.Value), Wrap: true, Subtle: true}
	case notify.Means:
		return element{Type: "TextBlock", Text: escape(r.Value), Wrap: true}
	case notify.Action, notify.Runbook:
		return button(r.Label, r.URL)
	}
	return element{Type: "FactSet", Facts: []fact{{Title: escape(r.Label), Value: escape(r.Value)}}}
}

func closing(d notify.Document) []element {
	all := []element{smallPrint(d.Closing)}
	if d.ClosingURL != "" {
		all = append(all, button("prowatch", d.ClosingURL))
	}
	return all
}

func button(title, url string) element {
	return element{Type: "ActionSet", Actions: []action{{Type: "Action.OpenUrl", Title: title, URL: url}}}
}

func smallPrint(text string) element {
	return element{Type: "TextBlock", Text: escape(text), Size: "Small", Subtle: true, Wrap: true}
}

func colour(t notify.Text) string {
	switch {
	case t.Good:
		return "Good"
	case t.Severity == watch.Critical:
		return "Attention"
	case t.Severity == watch.Warning:
		return "Warning"
	}
	return "Accent"
}

// size counts what the card takes of Teams' limit: the flow posts it as a text
// within JSON, which writes quotes with two bytes, and everything beyond ASCII,
// at worst, with six each.
func size(c card) int {
	body, err := notify.JSON(c)
	if err != nil {
		return maxCard + 1
	}
	n := 0
	for _, r := range string(body) {
		switch {
		case r == '"', r == '\\':
			n += 2
		case r < 0x80:
			n++
		default:
			n += 6 * utf16.RuneLen(r)
		}
	}
	return n
}

// escape takes the markup out of a text that others wrote, so that it can
// neither call people nor show a false link nor be computed. Cards have no
// escape of their own: look-alikes stand in.
func escape(text string) string {
	return strings.NewReplacer("<", "＜", "](", "] (", "{{", "{ {").Replace(text)
}
