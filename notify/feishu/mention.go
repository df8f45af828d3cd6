package feishu

import (
	"errors"
	"regexp"
	"strings"

	"prowatch/notify"
	"prowatch/watch"
)

var (
	// memberID is an open_id or a user_id, or "all" for everybody.
	memberID = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

	// mobile is what would be taken for a user_id that nobody has.
	mobile = regexp.MustCompile(`^\+?[0-9]{11,15}$`)
)

// parseMentions returns the ids to call. The bot takes an id that nobody has and
// calls nobody, so what is none is refused here.
func parseMentions(m notify.Mention) (map[watch.Severity][]string, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	calls := map[watch.Severity][]string{}
	for severity, names := range m {
		for _, name := range names {
			id := strings.TrimPrefix(strings.TrimSpace(name), "@")
			if !memberID.MatchString(id) || mobile.MatchString(id) {
				return nil, errors.New("mention: a Feishu bot calls by open_id (ou_…) or user_id, or all with @all, not by phone number, e-mail or name")
			}
			calls[severity] = append(calls[severity], id)
		}
	}
	return calls, nil
}

// cardCalls is how the markdown of a card calls.
func cardCalls(ids []string) string {
	return calls(ids, func(id string) string { return "<at id=" + id + "></at>" })
}

// textCalls is how a text calls.
func textCalls(ids []string) string {
	return calls(ids, func(id string) string { return `<at user_id="` + id + `"></at>` })
}

func calls(ids []string, call func(id string) string) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = call(id)
	}
	return strings.Join(parts, " ")
}
