package dingtalk

import (
	"regexp"
	"strings"

	"prowatch/notify"
	"prowatch/watch"
)

// all calls everybody.
const all = "@all"

// mobile is a mobile number, with a country's prefix or without. A user id that
// is all digits and as long as one would be taken for it.
var mobile = regexp.MustCompile(`^\+?[0-9]{11,15}$`)

// A call is whom a message calls, as the robot takes it. Each must be in the
// text too, see String.
type call struct {
	Mobiles []string `json:"atMobiles,omitempty"`
	Users   []string `json:"atUserIds,omitempty"`
	All     bool     `json:"isAtAll,omitempty"`
}

func parseMentions(m notify.Mention) map[watch.Severity]call {
	calls := map[watch.Severity]call{}
	for severity, names := range m {
		var c call
		for _, name := range names {
			switch name = strings.TrimSpace(name); {
			case name == all:
				c.All = true
			case mobile.MatchString(name):
				c.Mobiles = append(c.Mobiles, name)
			default:
				c.Users = append(c.Users, strings.TrimPrefix(name, "@"))
			}
		}
		calls[severity] = c
	}
	return calls
}

// orNil leaves out a call of nobody.
func (c call) orNil() *call {
	if !c.All && len(c.Mobiles)+len(c.Users) == 0 {
		return nil
	}
	return &c
}

// String is what must stand in the text for the call to show: @ and the number
// or id of each. The robot adds the one for everybody itself.
func (c call) String() string {
	var names []string
	for _, name := range append(c.Mobiles[:len(c.Mobiles):len(c.Mobiles)], c.Users...) {
		names = append(names, "@"+name)
	}
	return strings.Join(names, " ")
}
