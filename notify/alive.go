package notify

import (
	"strconv"
	"strings"

	"prowatch/watch"
)

// What a word of life means, in each language.
const (
	aliveMeans        = "This word comes on a schedule, whatever happens: if it stays away, look after prowatch."
	aliveMeansChinese = "本消息按计划定期发送；如果没有按时收到，请检查 prowatch 是否仍在运行。"
)

// aliveCase tells a word of life by the nearest end it knows.
func aliveCase(n *watch.Notice, passed bool) string {
	switch {
	case n.Summary == nil || n.Summary.Nearest == nil:
		return "watch.alive"
	case passed:
		return "watch.alive:ended"
	}
	return "watch.alive:end"
}

// nearestPassed reports whether the nearest end of a summary is over.
func (w *writer) nearestPassed() bool {
	s := w.n.Summary
	return s != nil && s.Nearest != nil && !s.Nearest.EndTime.After(w.now)
}

// life returns what sentences about a summary may use, beside left and end,
// which then are those of the nearest end.
func (w *writer) life() map[string]string {
	s := w.n.Summary
	if s == nil {
		return map[string]string{"accounts": "?", "health": "?", "nearest": "?"}
	}
	values := map[string]string{
		"accounts": w.c.count("account", int64(s.Accounts)), "health": w.health(s), "nearest": "?",
		"since": w.local(s.Since),
	}
	if s.Nearest != nil {
		values["nearest"] = w.name(s.Nearest.Account)
		values["end"] = moment(s.Nearest.EndTime)
		values["left"] = w.c.span(s.Nearest.EndTime.Sub(w.now))
	}
	return values
}

// health says how many accounts have which status.
func (w *writer) health(s *watch.Summary) string {
	var parts []string
	for _, status := range []watch.Status{watch.Normal, watch.Pending, watch.Isolate} {
		n := s.Statuses[status]
		word := "health.some"
		if n == s.Accounts {
			word = "health.all"
		}
		if n > 0 {
			parts = append(parts, say(w.c.Words[word], map[string]string{"n": strconv.Itoa(n), "status": w.c.word("status", string(status))}))
		}
	}
	if s.Unread > 0 {
		parts = append(parts, w.c.count("unread", int64(s.Unread)))
	}
	return strings.Join(parts, w.c.Words["comma"])
}

// summary are the rows of a summary.
func (w *writer) summary() []Row {
	s := w.n.Summary
	if s == nil {
		return nil
	}
	rows := []Row{w.row(Fact, "problems", w.several("tally.critical", s.Critical, "tally.warning", s.Warning))}
	if s.Nearest != nil {
		word := "nearest.ahead"
		if w.nearestPassed() {
			word = "nearest.past"
		}
		rows = append(rows, w.row(Fact, "nearest", say(w.c.Words[word], w.values)))
	}
	if s.Failing > 0 {
		rows = append(rows, w.row(Fact, "failing", strconv.Itoa(s.Failing)))
	}
	if s.Waiting+s.Unsure+s.Dead > 0 {
		rows = append(rows, w.row(Fact, "owed", w.several("waiting", s.Waiting, "unsure", s.Unsure, "dead", s.Dead)))
	}
	if !s.GoodAt.IsZero() {
		rows = append(rows, w.row(Fact, "good", w.local(s.GoodAt)))
	}
	if s.Runs > 0 {
		rows = append(rows, w.row(Fact, "runs", say(w.c.count("run", int64(s.Runs)), w.values)))
	}
	return rows
}

// several writes the counts that are not 0, each a unit and a number, or the
// word for none.
func (w *writer) several(pairs ...any) string {
	var parts []string
	for i := 0; i < len(pairs); i += 2 {
		if n := pairs[i+1].(int); n > 0 {
			parts = append(parts, w.c.count(pairs[i].(string), int64(n)))
		}
	}
	if len(parts) == 0 {
		return w.c.Words["none"]
	}
	return strings.Join(parts, w.c.Words["comma"])
}
