package pagerduty

import (
	"bytes"
	"slices"

	"prowatch/notify"
	"prowatch/watch"
)

// details are the custom_details of an event: a JSON object whose keys stand in
// the order in which a person should read them.
type details []detail

type detail struct {
	key   string
	value any // a string, or an object of strings
}

// details returns what the message says beside its title: first in words, then
// what the rules of a service can be made of.
func (c *channel) details(n *watch.Notice, d notify.Document) details {
	var all details
	for _, t := range d.Texts {
		for _, r := range t.Rows {
			switch {
			case r.URL != "", c.lists(r): // are links, and an object below
			case r.Part == notify.Remark:
				all.add("note", r.Value)
			case r.Part == notify.Means:
				all.add("meaning", r.Value)
			default:
				all.add(r.Label, r.Value)
			}
		}
	}
	all.add("seen", d.Texts[0].Footer)
	all.add("account", n.Account)
	all.add("type", string(n.Type))
	all.add("id", n.ID)
	if len(n.Labels) > 0 {
		all = append(all, detail{"labels", n.Labels})
	}
	return all
}

// lists reports whether the row is the account's labels as one text.
func (c *channel) lists(r notify.Row) bool {
	return slices.ContainsFunc(c.voice.Catalogues, func(l notify.Catalogue) bool { return r.Label == l.Words["label.labels"] })
}

// add adds a value, behind the one that has the key already: another language's.
func (d *details) add(key, value string) {
	i := slices.IndexFunc(*d, func(old detail) bool { return old.key == key })
	if i < 0 {
		*d = append(*d, detail{key, value})
		return
	}
	if old, ok := (*d)[i].value.(string); ok && old != value {
		(*d)[i].value = old + " / " + value
	}
}

// MarshalJSON writes the details in their order.
func (d details) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, one := range d {
		b.WriteByte("{,"[min(i, 1)])
		key, err := notify.JSON(one.key)
		if err != nil {
			return nil, err
		}
		value, err := notify.JSON(one.value)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
