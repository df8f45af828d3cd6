package discord

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"prowatch/notify"
	"prowatch/watch"
)

// maxCalls is how many can be called at once, so that there is room for the
// message beside; a role calls any number.
const maxCalls = 20

// id is a snowflake.
var id = regexp.MustCompile(`^[0-9]{15,20}$`)

// calls is who is called, as it stands in the content.
type calls struct {
	text    string
	allowed mentions
}

// mentions are whom a message may call. Without it Discord calls whomever the
// text seems to name.
type mentions struct {
	Parse []string `json:"parse"`
	Users []string `json:"users,omitempty"`
	Roles []string `json:"roles,omitempty"`
}

// parseMentions returns whom to call at each severity, nobody where none are
// named.
func parseMentions(m notify.Mention) (map[watch.Severity]calls, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	all := map[watch.Severity]calls{}
	for _, severity := range []watch.Severity{watch.Critical, watch.Warning, watch.Info} {
		c := calls{allowed: mentions{Parse: []string{}}}
		if len(m[severity]) > maxCalls {
			return nil, fmt.Errorf("mention: more than %d at %s: call a role", maxCalls, severity)
		}
		for _, name := range m[severity] {
			if err := c.add(name); err != nil {
				return nil, err
			}
		}
		all[severity] = c
	}
	return all, nil
}

// add calls one more, unless it is called already: Discord refuses a double.
func (c *calls) add(name string) error {
	call, err := parseMention(name)
	if err != nil || slices.Contains(strings.Fields(c.text), call) {
		return err
	}
	c.text += " " + call
	who := strings.Trim(call, "<@&>")
	switch {
	case strings.HasPrefix(call, "<@&"):
		c.allowed.Roles = append(c.allowed.Roles, who)
	case strings.HasPrefix(call, "<@"):
		c.allowed.Users = append(c.allowed.Users, who)
	default:
		c.allowed.Parse = []string{"everyone"} // stands for @here, too
	}
	return nil
}

// parseMention returns the call as it stands in a message. It takes an id bare,
// with @, or as it stands there.
func parseMention(name string) (string, error) {
	who := strings.TrimPrefix(strings.Trim(strings.TrimSpace(name), "<>"), "@")
	role, isRole := strings.CutPrefix(who, "&")
	user := strings.TrimPrefix(who, "!")
	switch {
	case who == "here", who == "everyone":
		return "@" + who, nil
	case isRole && id.MatchString(role):
		return "<@&" + role + ">", nil
	case id.MatchString(user):
		return "<@" + user + ">", nil
	}
	return "", fmt.Errorf(`mention: %.40q cannot be called: write a user's id, a role's as "&ID" (developer mode, Copy ID), @here or @everyone`, name)
}
