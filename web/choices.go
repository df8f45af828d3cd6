package web

import (
	"maps"
	"slices"
)

// A choice is a filter with the values that it offers.
type choice struct {
	Name, Text string
	Options    []option
}

// An option is one value of a choice.
type option struct {
	Value, Text string
	Chosen      bool
}

// choices are the filters that choose from a list.
func (v *view) choices() []choice {
	list := []choice{
		v.choice("status", "condition", statuses, v.filter.Status),
		v.choice("open", "open", problems, v.filter.Open),
		v.choice("severity", "severity", levels, v.filter.Severity),
		v.choice("sort", "sort", orders, v.filter.Sort),
	}
	if all := v.allLabels(); len(all) > 0 {
		c := choice{Name: "label", Text: v.words.Say("filter.label"), Options: []option{{Text: v.words.Say("any.label")}}}
		for _, l := range all {
			c.Options = append(c.Options, option{l, l, l == v.filter.Label})
		}
		list = slices.Insert(list, 3, c)
	}
	return list
}

func (v *view) choice(name, words string, values []string, chosen string) choice {
	c := choice{Name: name, Text: v.words.Say("filter." + name), Options: []option{{Text: v.words.Say("any." + name)}}}
	for _, value := range values {
		c.Options = append(c.Options, option{value, v.words.orSame(words, value), value == chosen})
	}
	return c
}

// maxLabels bounds the list of labels, and so the page.
const maxLabels = 200

// allLabels returns the labels of all accounts, and the one that is asked for.
func (v *view) allLabels() []string {
	seen := map[string]bool{}
	for i := range v.Overview.Accounts {
		for _, l := range pairs(v.Overview.Accounts[i].Labels) {
			seen[l] = true
		}
	}
	list := slices.Sorted(maps.Keys(seen))
	list = list[:min(len(list), maxLabels)]
	if l := v.filter.Label; l != "" && !slices.Contains(list, l) {
		list = append(list, l)
	}
	return list
}
