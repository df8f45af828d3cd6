package slack

import (
	"fmt"
	"regexp"
	"strings"

	"prowatch/notify"
	"prowatch/watch"
)

var (
	member = regexp.MustCompile(`^[UW][A-Z0-9]{4,}$`)
	group  = regexp.MustCompile(`^S[A-Z0-9]{4,}$`)
)

// maxCalls is how many can be called at once, so that there is room for the
// message beside; a user group calls any number.
const maxCalls = 20

// parseMentions returns what calls whom, as it stands in a message.
func parseMentions(m notify.Mention) (map[watch.Severity][]string, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	calls := map[watch.Severity][]string{}
	for severity, names := range m {
		if len(names) > maxCalls {
			return nil, fmt.Errorf("mention: more than %d at %s: call a user group", maxCalls, severity)
		}
		for _, name := range names {
			call, err := parseMention(name)
			if err != nil {
				return nil, err
			}
			calls[severity] = append(calls[severity], call)
		}
	}
	return calls, nil
}

// parseMention takes an id bare, with @, or as it stands in a message.
func parseMention(name string) (string, error) {
	id, _, _ := strings.Cut(strings.Trim(strings.TrimSpace(name), "<>"), "|")
	id = strings.TrimPrefix(strings.TrimLeft(id, "@!"), "subteam^")
	switch {
	case id == "here", id == "channel", id == "everyone":
		return "<!" + id + ">", nil
	case member.MatchString(id):
		return "<@" + id + ">", nil
	case group.MatchString(id):
		return "<!subteam^" + id + ">", nil
	}
	return "", fmt.Errorf("mention: %.40q cannot be called: write a member's id (profile, Copy member ID), a user group's id, @here or @channel", name)
}
