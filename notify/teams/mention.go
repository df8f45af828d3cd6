package teams

import (
	"fmt"
	"regexp"
	"strings"

	"prowatch/notify"
	"prowatch/watch"
)

// maxPeople is how many can be called at once, so that there is room for the
// message beside.
const maxPeople = 20

// maxName is how much of a name is shown, in bytes.
const maxName = 64

// A person can be called.
type person struct {
	id   string // sign-in name or object id
	name string // as it is shown
}

// named is "Name <id>" or an id alone: a sign-in name or a UUID.
var named = regexp.MustCompile(`^(?:([^<>]*)<)?\s*([^<>@\s]+@[^<>@\s]+|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\s*>?$`)

func parseMentions(m notify.Mention) (map[watch.Severity][]person, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	people := map[watch.Severity][]person{}
	for severity, names := range m {
		if len(names) > maxPeople {
			return nil, fmt.Errorf("mention: more than %d at %s", maxPeople, severity)
		}
		for _, name := range names {
			parts := named.FindStringSubmatch(strings.TrimSpace(name))
			if parts == nil {
				return nil, fmt.Errorf(`mention: %.40q cannot be called: write a person's sign-in name or object id, or "Name <zhang@example.com>"; a flow cannot call everybody`, name)
			}
			p := person{id: parts[2], name: notify.Clip(notify.OneLine(parts[1]), maxName)}
			if p.name == "" {
				p.name = p.id
			}
			people[severity] = append(people[severity], p)
		}
	}
	return people, nil
}

// tag is the person as the text calls them.
func (p person) tag() string { return "<at>" + p.name + "</at>" }

// call renders the line that calls the people, and what says who they are.
func call(people []person) (line string, all []entity) {
	var tags []string
	for _, p := range people {
		tags = append(tags, p.tag())
		all = append(all, entity{Type: "mention", Text: p.tag(), Mentioned: mentioned{ID: p.id, Name: p.name}})
	}
	return strings.Join(tags, " "), all
}
