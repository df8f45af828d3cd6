package wecom

import (
	"regexp"
	"strings"
)

// mobile is a mobile number, with a country's prefix or without. A user id that
// is all digits and as long as one would be taken for it.
var mobile = regexp.MustCompile(`^\+?[0-9]{11,15}$`)

// mentions are whom a message calls, by the way they can be called.
type mentions struct {
	users   []string // user ids, in the markdown
	all     []string // "@all", only in a text
	mobiles []string // only in a text
}

func parseMentions(names []string) mentions {
	var m mentions
	for _, name := range names {
		name = strings.TrimSpace(name)
		switch {
		case name == "@all":
			m.all = []string{"@all"}
		case mobile.MatchString(name):
			m.mobiles = append(m.mobiles, name)
		default:
			m.users = append(m.users, strings.TrimPrefix(name, "@"))
		}
	}
	return m
}

// needText reports whether somebody can be called by a text only.
func (m mentions) needText() bool { return len(m.all)+len(m.mobiles) > 0 }

// String says who is called by the text.
func (m mentions) String() string {
	if len(m.all) > 0 {
		return "@all"
	}
	return "the mobile numbers"
}
