package app

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"prowatch/config"
	"prowatch/watch"
)

// Lint returns what can be run but is likely to be a mistake, a line each with
// its mend: the settings' own warnings, and what only the whole shows.
func Lint(s *config.Settings) []string {
	l := linter{s: s}
	l.channels()
	l.accounts()
	l.routes()
	l.policies()
	l.schedule()
	l.surfaces()
	// A line that goes on where a warning ends stands in its place.
	own := slices.DeleteFunc(slices.Clone(s.Warnings), func(w string) bool {
		return slices.ContainsFunc(l.lines, func(line string) bool { return strings.HasPrefix(line, w) })
	})
	return append(own, l.lines...)
}

type linter struct {
	s     *config.Settings
	lines []string
}

func (l *linter) add(at any, format string, args ...any) {
	l.lines = append(l.lines, fmt.Sprintf("%v: ", at)+fmt.Sprintf(format, args...))
}

func (l *linter) channels() {
	for _, c := range l.s.Channels {
		if !l.routed(c.Name) && c.Name != l.s.Digest.Channel {
			l.add(c.Pos, "channel %s stands in no route, so it gets no notices: name it in the channels of a route, or remove it", c.Name)
		}
		if unsigned(c) {
			l.add(c.Pos, "channel %s signs nothing, so its receiver cannot tell prowatch from others who know the url: set secret; a robot needs none that asks for the keyword prowatch, or for this machine's address", c.Name)
		}
	}
}

func (l *linter) routed(channel string) bool {
	return slices.ContainsFunc(l.s.Routes, func(r watch.Route) bool { return slices.Contains(r.Channels, channel) })
}

// unsigned reports whether the channel could sign its requests and does not.
func unsigned(c config.Channel) bool {
	kind := channels[c.Type]
	if kind.SecretKey == "" || slices.Contains(kind.required, kind.SecretKey) {
		return false
	}
	v := reflect.ValueOf(c.Config).Elem()
	for f, value := range v.Fields() {
		if key, _, _ := strings.Cut(f.Tag.Get("yaml"), ","); key == kind.SecretKey && key == "secret" {
			return value.IsZero()
		}
	}
	return false
}

func (l *linter) accounts() {
	sharing := map[string][]string{} // ids by key, role and site
	cn := false
	for _, a := range l.s.Accounts {
		cn = cn || a.Site == "cn"
		if a.SecretID != "" || a.Credentials != "" {
			sharing[holder(&a)] = append(sharing[holder(&a)], a.ID)
		}
	}
	for _, a := range l.s.Accounts {
		if ids := sharing[holder(&a)]; len(ids) > 1 && ids[0] == a.ID {
			l.add(a.Pos, "%s have one key, so each change is told %d times: give each its own, or keep one", listed(ids), len(ids))
		}
	}
	for _, c := range l.s.Channels {
		if cn && c.Type == "telegram" {
			l.add(c.Pos, "channel %s is of Telegram, which mainland China cannot reach, and an account is of site cn: tell its people by wecom, dingtalk or feishu", c.Name)
		}
	}
}

// holder is whom the account's key stands for.
func holder(a *config.Account) string {
	return strings.Join([]string{a.SecretID, a.Credentials, a.RoleARN, a.Site}, "\n")
}

// listed names the first accounts and counts the others.
func listed(ids []string) string {
	const shown = 3
	switch n := len(ids); {
	case n == 1:
		return "account " + ids[0]
	case n <= shown:
		return "accounts " + strings.Join(ids, ", ")
	default:
		return fmt.Sprintf("accounts %s and %d more", strings.Join(ids[:shown], ", "), n-shown)
	}
}

// routes looks where a critical notice of each account goes.
func (l *linter) routes() {
	var unheard []string
	for _, a := range l.s.Accounts {
		if !l.heard(&a) {
			unheard = append(unheard, a.ID)
		}
	}
	if o := l.s.Organization; o != nil {
		if member := o.Account("100000000001", "", ""); !l.heard(&member) {
			l.add(o.Pos, "no route takes the critical notices of the organisation's members to a chat, to mail or to a pager, unless by their name or department: add a channel that people read, and name it in a route")
		}
	}
	if len(unheard) > 0 {
		l.add(l.s.Origin, "no route takes the critical notices of %s to a chat, to mail or to a pager: add a channel that people read, and name it in a route", listed(unheard))
	}
	severities := map[watch.Severity]bool{}
	for _, r := range l.s.Routes {
		for _, severity := range r.Match.Severity {
			severities[severity] = true
		}
	}
	if len(severities) > 0 && !severities[watch.Critical] {
		l.add(l.s.Origin, "routes: some are by severity and none is for critical: add {match: {severity: [critical]}, channels: […]} above the others")
	}
}

// heard reports whether people are told of the account's critical notices.
func (l *linter) heard(a *config.Account) bool {
	n := watch.Notice{Account: a.ID, Labels: a.Labels, Type: watch.ExpiryReached, Severity: watch.Critical}
	names := l.s.Routes.Channels(&n)
	return slices.ContainsFunc(l.s.Channels, func(c config.Channel) bool {
		return c.Type != "stdout" && slices.Contains(names, c.Name)
	})
}

func (l *linter) policies() {
	l.policy(l.s.Origin+": policy", &l.s.Policy, nil)
	for _, a := range l.s.Accounts {
		l.policy(a.Pos.String()+": account "+a.ID, &a.Policy, &l.s.Policy)
	}
	if o := l.s.Organization; o != nil {
		l.policy(o.Pos.String()+": organization", &o.Policy, &l.s.Policy)
	}
}

// policy looks at a policy where it differs from the one above it.
func (l *linter) policy(at string, p, above *watch.Policy) {
	if p.RemindEvery == 0 && (above == nil || above.RemindEvery != 0) {
		l.add(at, "remind_every is 0, so an open problem is told once and never again: set it to 24h")
	}
	same := above != nil && above.CriticalWithin == p.CriticalWithin && slices.Equal(above.Thresholds, p.Thresholds)
	if tightest := slices.Min(p.Thresholds); !same && p.CriticalWithin < tightest {
		l.add(at, "critical_within %s is below each of expiry_thresholds, so a nearing end is never critical: set it to %s or more", p.CriticalWithin, tightest)
	}
}

// busyMinutes are when chat services refuse most.
const busyMinutes = 30

func (l *linter) schedule() {
	if l.s.Schedule == "" {
		return
	}
	times, err := cron.ParseStandard(l.s.Schedule)
	if err != nil {
		return // a fault
	}
	runs, busy := 0, 0
	start := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC).Add(-time.Second) // a Monday
	for t := times.Next(start); !t.IsZero() && t.Before(start.AddDate(0, 0, 7)) && runs < 1000; t = times.Next(t) {
		if runs++; t.Minute()%busyMinutes == 0 {
			busy++
		}
	}
	if busy*2 >= runs && busy > 0 {
		l.add(l.s.Origin, "schedule %q runs at :00 or :30, when chat services refuse most: take another minute, such as %q", l.s.Schedule, "17 * * * *")
	}
	if runs == 0 {
		l.add(l.s.Origin, "schedule %q runs less than once a week: take %q for each hour", l.s.Schedule, "17 * * * *")
	}
}

// goodToken is the form of a bearer token (RFC 6750 section 2.1), at a length
// that nobody guesses.
var goodToken = regexp.MustCompile(`^[A-Za-z0-9._~+/-]{16,}=*$`)

// minKey is how long a signing key must be, in characters.
const minKey = 16

func (l *linter) surfaces() {
	h := l.s.HTTP
	if h.Listen != "" && len(h.Tokens) == 0 {
		l.add(l.s.Origin, "http: listens and has no tokens, so all but /healthz is refused: add tokens: [{token: \"${env:TOKEN}\", scope: read}]")
	}
	for i, t := range h.Tokens {
		if !goodToken.MatchString(t.Token) {
			l.add(l.s.Origin, "http: token %d of %d is short or holds what a header cannot: make one with openssl rand -base64 32", i+1, len(h.Tokens))
		}
	}
	if h.SigningKey != "" && len(h.SigningKey) < minKey {
		l.add(l.s.Origin, "http: signing_key is shorter than %d characters, so whoever has a signed link can guess it: make one with openssl rand -base64 32", minKey)
	}
	if l.s.State == "" {
		l.add(l.s.Origin, "state is not set, so it is the folder ./state of wherever prowatch is started: set it, such as file:/var/lib/prowatch")
	}
}
