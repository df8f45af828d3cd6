package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"prowatch/tcss"
	"prowatch/watch"
)

// say says the facts in plain sentences, in an order that can be read.
func (x *explanation) say(last *watch.Run, skipped bool) {
	if skipped {
		x.add("run", "The last run, on %s, did not come to this account before its time was over; the next one begins with it.", x.time(last.Began))
	}
	if x.SeenAt.IsZero() {
		x.add("check", "It was never checked, so there is nothing to say: run prowatch check.")
		return
	}
	x.sayCheck()
	x.saySaid()
	x.sayBelief()
	x.sayEnd()
	x.sayProblems()
	x.sayFailures()
	x.sayMute()
	x.sayOwed()
}

func (x *explanation) add(topic, format string, args ...any) {
	x.Remarks = append(x.Remarks, remark{topic, fmt.Sprintf(format, args...)})
}

// time writes a time and how far it is from now.
func (x *explanation) time(t time.Time) string {
	d := x.now.Sub(t)
	switch {
	case d >= 0:
		return fmt.Sprintf("%s (%s ago)", when(t.Local()), span(d))
	default:
		return fmt.Sprintf("%s (in %s)", when(t.Local()), span(-d))
	}
}

// span writes a length of time in its largest unit.
func span(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return plural(int(d/(24*time.Hour)), "day")
	case d >= 2*time.Hour:
		return plural(int(d/time.Hour), "hour")
	case d >= time.Minute:
		return plural(int(d/time.Minute), "minute")
	}
	return "less than a minute"
}

func (x *explanation) sayCheck() {
	if x.Failures > 0 {
		x.add("check", "The last check, on %s, failed: %s %s", x.time(x.SeenAt), sentence(x.Failure.Error()), tcss.Mend(x.Failure))
		if !x.GoodAt.IsZero() {
			x.add("check", "The last that was answered was on %s.", x.time(x.GoodAt))
		}
		return
	}
	x.add("check", "The last check, on %s, was answered: %s.", x.time(x.SeenAt), editionText(&x.Latest.Edition))
}

// editionText is an answer in a line.
func editionText(e *watch.Edition) string {
	text := string(e.Status)
	if e.EndTime != "" {
		text += ", ends " + e.EndTime
	}
	if e.CoresCnt > 0 {
		text += ", " + plural(int(e.CoresCnt), "core") + " to buy"
	}
	return text
}

func (x *explanation) saySaid() {
	for _, e := range x.Said {
		n := &e.Notice
		text := fmt.Sprintf("It said %s (%s)", n.Type, n.Severity)
		if f := facts(n); f != "" {
			text += ": " + f
		}
		x.add("said", "%s.", text)
	}
	switch {
	case len(x.Said) > 0:
	case x.Failures > 0:
		x.add("said", "It said nothing new: a failure says nothing of the licence, so what is believed stays.")
	case len(x.Candidates) > 0:
		x.add("said", "It said nothing new: what differs is not confirmed yet.")
	default:
		x.add("said", "It said nothing: the answer is what is believed, and nothing was due.")
	}
}

func (x *explanation) sayBelief() {
	if x.Believed.Status == "" {
		x.add("belief", "Nothing is believed yet: the first answer that can be read is believed at once.")
		return
	}
	x.add("belief", "What is believed: %s.", editionText(&x.Believed))
	for _, c := range x.Candidates {
		x.add("belief", "The %s seen last, %s, differs from %s, and was seen %d of %d times in a row; once confirmed it is believed and told.", c.Part, c.Value, orDash(c.Believed), c.Seen, c.Confirm)
	}
}

func (x *explanation) sayEnd() {
	switch {
	case x.Believed.Status == "":
	case x.Believed.Status != watch.Normal:
		x.add("end", "The end is not watched while the licence is %s.", x.Believed.Status)
	case x.EndTime.IsZero() && x.policy.ExpirySource == watch.PurchaseState:
		x.add("end", "The API gives no end, nor does DescribePurchaseStateInfo, so only the status is watched.")
	case x.EndTime.IsZero():
		x.add("end", "The API gives no end, so it cannot be watched; set policy.expiry_source: purchase_state to take it from DescribePurchaseStateInfo.")
	default:
		x.add("end", "The end is on %s.%s", x.time(x.EndTime), x.thresholdText())
	}
}

// thresholdText says which thresholds are behind and which is next.
func (x *explanation) thresholdText() string {
	var told []string
	var text, next string
	for _, t := range x.Thresholds {
		name := t.Threshold.String()
		if t.Threshold == 0 {
			name = "the end itself"
		}
		switch {
		case t.State == "announced":
			told = append(told, name)
		case t.State == "due":
			next = fmt.Sprintf(" The next check tells %s, which was crossed on %s.", name, x.time(t.At)) // the tightest of them
		case next == "":
			next = fmt.Sprintf(" Next is %s, on %s.", name, x.time(t.At))
		}
	}
	if len(told) > 0 {
		text = " Announced, or overtaken by a tighter one: " + strings.Join(told, ", ") + "."
	} else {
		text = " Nothing was announced for it yet."
	}
	return text + next
}

func (x *explanation) sayProblems() {
	if len(x.Problems) == 0 {
		x.add("open", "No problem is open, so nothing is to be reminded of.")
	}
	for _, problem := range x.Problems {
		text := fmt.Sprintf("The problem %s (%s) is open since %s, and was last told on %s", problem.Name, problem.Severity, x.time(problem.Since), x.time(problem.Last))
		if len(problem.Told) > 0 {
			text += " to " + strings.Join(problem.Told, ", ")
		}
		x.add("open", "%s; %s.", text, x.reminderText(&problem))
	}
}

// reminderText says when a problem is told again, or why it is not.
func (x *explanation) reminderText(problem *problemAnswer) string {
	switch {
	case problem.Name == watch.ProblemExpiry && x.EndTime.After(x.now):
		return "before the end the thresholds are its reminders"
	case x.policy.RemindEvery == 0:
		return "it is not repeated, since remind_every is 0"
	case problem.NextReminder.IsZero():
		return "it is not repeated"
	case problem.NextReminder.After(x.now):
		return "it is repeated by the first check from " + x.time(problem.NextReminder)
	}
	return "the next check repeats it"
}

func (x *explanation) sayFailures() {
	open := slices.ContainsFunc(x.Problems, func(p problemAnswer) bool { return p.Name == watch.ProblemCheck })
	switch {
	case x.Failures == 0:
	case open:
		x.add("failures", "%s in a row failed, which was told.", plural(x.Failures, "check"))
	default:
		x.add("failures", "%s in a row failed; it is told when there are %d (failing_after), and at once when access is denied.", plural(x.Failures, "check"), x.policy.FailingAfter)
	}
}

func (x *explanation) sayMute() {
	if x.Mute != nil {
		x.add("mute", "The account is muted %s.", muteText(x.Mute))
	}
}

// muteText says until when and why.
func muteText(m *watch.Mute) string {
	text := "until prowatch unmute"
	if !m.Until.IsZero() {
		text = "until " + when(m.Until.Local())
	}
	if m.All {
		text += ", urgent notices too"
	}
	if m.Reason != "" {
		text += " (" + m.Reason + ")"
	}
	return text
}
