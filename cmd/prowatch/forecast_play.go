package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"prowatch/watch"
)

// A seer plays one account forward.
type seer struct {
	account  watch.Account
	routes   watch.Routes
	channels []watch.ChannelRecord
	rec      watch.Record
}

// hearer is a channel that would hear a notice, or not while a mute lasts.
type hearer struct {
	Channel string    `json:"channel"`
	Muted   string    `json:"muted,omitempty"`      // "held" or "dropped"
	Until   time.Time `json:"muted_until,omitzero"` // of a mute that ends
}

// play applies the rules at each time of the schedule after now until the end,
// to what was last observed again and again. A record that knows of no check
// says nothing.
func (s *seer) play(schedule cron.Schedule, now, end time.Time) []forecastLine {
	lines := s.owed(schedule.Next(now), end)
	seen := s.lastSeen()
	if seen == nil {
		return lines
	}
	for t := schedule.Next(now); !t.IsZero() && !t.After(end); t = schedule.Next(t) {
		seen.At = t
		before := s.rec.Problems
		next, notices := watch.Step(s.rec, *seen, &s.account.Policy)
		s.rec = next
		for i := range notices {
			lines = append(lines, s.line(&notices[i], before))
		}
	}
	return lines
}

// lastSeen returns the last observation as the next one: a failure where the
// checks fail, else the last answer; nil where there was none.
func (s *seer) lastSeen() *watch.Observation {
	switch {
	case s.rec.Failures > 0:
		failure := s.rec.LastFailure
		return &watch.Observation{Failure: &failure}
	case s.rec.Latest.Status != "":
		return &watch.Observation{Reading: watch.Reading{Edition: s.rec.Latest.Edition, RequestID: s.rec.Latest.RequestID}}
	}
	return nil
}

// owed are the notices that the next run would tell since they are owed.
func (s *seer) owed(next, end time.Time) []forecastLine {
	var lines []forecastLine
	for i := range s.rec.Ledger {
		e := &s.rec.Ledger[i]
		var hearers []hearer
		for _, name := range slices.Sorted(maps.Keys(e.Receipts)) {
			if e.Receipts[name].State.Open() {
				hearers = append(hearers, s.hearer(name, &e.Notice, e.Urgent, s.rec.Problems, next))
			}
		}
		if len(hearers) > 0 && !next.IsZero() && !next.After(end) {
			lines = append(lines, forecastLine{Tell: next, Notice: e.Notice, Hearers: hearers})
		}
	}
	return lines
}

// line says where a notice would go: where its routes say, and where the
// problem that it resolves was told.
func (s *seer) line(n *watch.Notice, before []watch.Problem) forecastLine {
	n.ID, n.Labels = "", s.account.Labels
	names := s.routes.Channels(n)
	for _, p := range before {
		if slices.Contains(n.Resolves, p.Name) {
			names = append(names, p.Told...)
		}
	}
	l := forecastLine{Tell: n.At, Notice: *n, Hearers: []hearer{}}
	var told []string
	for _, name := range names {
		if slices.Contains(told, name) || !s.configured(name) {
			continue
		}
		told = append(told, name)
		l.Hearers = append(l.Hearers, s.hearer(name, n, raises(n, before), before, n.At))
	}
	s.remember(n, told)
	return l
}

func (s *seer) configured(channel string) bool {
	return slices.ContainsFunc(s.channels, func(c watch.ChannelRecord) bool { return c.Channel == channel })
}

// remember notes who was told of the problem, which its end will go to.
func (s *seer) remember(n *watch.Notice, told []string) {
	s.rec.Problems = slices.Clone(s.rec.Problems)
	for i := range s.rec.Problems {
		if p := &s.rec.Problems[i]; p.Name == n.Opens || p.Name == n.Problem {
			p.Told = slices.Compact(slices.Sorted(slices.Values(slices.Concat(p.Told, told))))
		}
	}
}

// raises reports whether the notice opens a problem or raises it to critical,
// which a mute lets through.
func raises(n *watch.Notice, before []watch.Problem) bool {
	i := slices.IndexFunc(before, func(p watch.Problem) bool { return p.Name == n.Opens })
	return n.Opens != "" && (i < 0 || n.Severity == watch.Critical && before[i].Severity != watch.Critical)
}

// hearer applies the mutes of account and channel to a notice.
func (s *seer) hearer(name string, n *watch.Notice, urgent bool, before []watch.Problem, at time.Time) hearer {
	h := hearer{Channel: name}
	mutes := []*watch.Mute{s.rec.Mute}
	for i := range s.channels {
		if s.channels[i].Channel == name {
			mutes = append(mutes, s.channels[i].Mute)
		}
	}
	mutes = slices.DeleteFunc(mutes, func(m *watch.Mute) bool { return !mutedAt(m, at) })
	if len(mutes) == 0 {
		return h
	}
	all := slices.ContainsFunc(mutes, func(m *watch.Mute) bool { return m.All })
	followsOpening := slices.ContainsFunc(before, func(p watch.Problem) bool {
		return slices.Contains(n.Resolves, p.Name) && slices.Contains(p.Told, name)
	})
	switch {
	case n.Type == watch.ProblemReminder:
		h.Muted = "dropped"
	case urgent && !all, followsOpening:
		return h
	default:
		h.Muted = "held"
	}
	h.Until = endOfMutes(mutes)
	return h
}

// mutedAt reports whether m holds at t.
func mutedAt(m *watch.Mute, t time.Time) bool {
	return m != nil && (m.Until.IsZero() || t.Before(m.Until))
}

// endOfMutes is when the last of them ends, zero for never.
func endOfMutes(mutes []*watch.Mute) time.Time {
	var end time.Time
	for _, m := range mutes {
		if m.Until.IsZero() {
			return time.Time{}
		}
		if m.Until.After(end) {
			end = m.Until
		}
	}
	return end
}

// hearersText is who would hear, in a cell.
func hearersText(hearers []hearer) string {
	var parts []string
	for _, h := range hearers {
		text := h.Channel
		switch {
		case h.Muted != "" && h.Until.IsZero():
			text += " (" + h.Muted + ": muted)"
		case h.Muted != "":
			text += " (" + h.Muted + ": muted until " + when(h.Until.Local()) + ")"
		}
		parts = append(parts, text)
	}
	if len(parts) == 0 {
		return "routed to no channel"
	}
	return strings.Join(parts, ", ")
}

// silence says why nothing would be said of the account.
func (s *seer) silence(now time.Time, days int) string {
	if s.rec.SeenAt.IsZero() {
		return s.account.ID + ": was never checked, so nothing can be foreseen: run prowatch check first"
	}
	text := fmt.Sprintf("%s: nothing would be said in the next %s", s.account.ID, plural(days, "day"))
	end, err := watch.ParseTime(s.rec.Believed.EndTime, s.account.Policy.Zone)
	switch {
	case err != nil || s.rec.Believed.Status != watch.Normal:
	case end.IsZero():
		text += "; it is Normal and the API gives no end to watch"
	case end.After(now):
		text += fmt.Sprintf("; it is Normal until %s", when(end))
		if first := firstThreshold(s.account.Policy.Thresholds); end.Add(-first).After(now) {
			text += fmt.Sprintf(", which is first told on %s", end.Add(-first).Format(time.DateOnly))
		}
	}
	return text
}

// firstThreshold is the longest time left at which an end is told.
func firstThreshold(thresholds []watch.Duration) time.Duration {
	if len(thresholds) == 0 {
		return 0
	}
	return time.Duration(slices.Max(thresholds))
}
