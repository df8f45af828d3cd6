package notify

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"prowatch/config/strict"
	"prowatch/watch"
)

// Bounds of what a template may hold and become, in bytes. Titles are never
// cut later, so they are bounded here.
const (
	maxTemplateTitle = 200  // as written
	maxTemplateText  = 1000 // as written
	maxFilledTitle   = 256  // with its values
	maxPlaced        = 500  // of a value in a text
)

// A Template is the owner's own words for a type of notice, in whatever
// language: it stands for the sentences of every language the channel speaks. A
// {name} in it stands for a value, in the words of that language. Neither it
// nor a value makes markup or calls anybody.
type Template struct {
	// Title stands for the title. Before it comes the severity, if it does not
	// begin with {tag}, and after it the account, if neither Title nor Text names
	// it, and the word prowatch, if it lacks it.
	Title string `yaml:"title"`

	// Text stands for the sentence that says what follows, a row for each of its
	// lines. "" leaves that sentence. One that names {message} stands for the row
	// of the API's own words, too. All other rows and the footer stay.
	Text string `yaml:"text"`
}

// templated are the types of notices that can have a template.
var templated = []watch.Type{
	watch.BaselineRecorded, watch.StatusChanged,
	watch.ExpiryChanged, watch.ExpiryApproaching, watch.ExpiryReached,
	watch.CapacityChanged, watch.ResourceChanged,
	watch.CheckFailing, watch.CheckRecovered, watch.ProblemReminder,
	watch.DeliveryFailed, watch.DeliveryRecovered,
	watch.AccountStale, watch.AccountChecked, watch.AccountRemoved,
	watch.NotifyTest, watch.WatchAlive,
}

// template is a Template, read.
type template struct {
	title phrase
	text  []phrase // a line each
}

// templates reads the templates of the settings.
func (w Wording) templates() (map[watch.Type]template, error) {
	all := map[watch.Type]template{}
	for _, typ := range slices.Sorted(maps.Keys(w.Templates)) {
		if !slices.Contains(templated, typ) {
			return nil, fmt.Errorf("templates: %.40q is no type of notice%s", string(typ), meantType(typ))
		}
		t, err := w.Templates[typ].parse()
		if err != nil {
			return nil, fmt.Errorf("templates: %s: %w", typ, err)
		}
		all[typ] = t
	}
	return all, nil
}

func meantType(typ watch.Type) string {
	var names []string
	for _, t := range templated {
		names = append(names, string(t))
	}
	return strict.Meant(string(typ), names)
}

func (t Template) parse() (template, error) {
	var out template
	switch {
	case OneLine(t.Title) == "":
		return out, errors.New("title: is empty: write what the title is to say")
	case len(t.Title) > maxTemplateTitle:
		return out, fmt.Errorf("title: is over %d bytes: phones show the first 60 characters", maxTemplateTitle)
	case len(t.Text) > maxTemplateText:
		return out, fmt.Errorf("text: is over %d bytes: put the rest on a page and link it as a runbook", maxTemplateText)
	}
	var err error
	if out.title, err = parsePhrase(t.Title); err != nil {
		return out, fmt.Errorf("title: %w", err)
	}
	for i, line := range strings.Split(strings.TrimSpace(t.Text), "\n") {
		p, err := parsePhrase(line)
		if err != nil {
			return out, fmt.Errorf("text: line %d: %w", i+1, err)
		}
		if OneLine(line) != "" {
			out.text = append(out.text, p)
		}
	}
	return out, nil
}

// names reports whether the text has a place for the value.
func (t template) names(value string) bool {
	return slices.ContainsFunc(t.text, func(p phrase) bool { return p.names(value) })
}

// tell returns the text in the template's words.
func (w *writer) tell(t Text, own template) Text {
	t.Title = w.ownTitle(own)
	if len(own.text) == 0 {
		return t
	}
	var before, after []Row
	for _, r := range t.Rows {
		switch {
		case r.Part == Means, r.Part == Detail && own.names("message"):
		case r.Part < Means:
			before = append(before, r)
		default:
			after = append(after, r)
		}
	}
	for _, line := range own.text {
		before = append(before, Row{Part: Means, Value: OneLine(line.fill(w, maxPlaced))})
	}
	t.Rows = append(before, after...)
	return t
}

func (w *writer) ownTitle(own template) string {
	title := Clip(OneLine(own.title.fill(w, maxName)), maxFilledTitle)
	if !strings.HasPrefix(title, w.tag()) {
		title = w.lead() + title
	}
	if account := w.values["account"]; account != "" && !own.title.names("account") && !own.names("account") {
		title += " · " + account
	}
	if !strings.Contains(title, product) {
		title += " · " + product
	}
	return title
}
