package notify

import (
	"strconv"
	"strings"

	"prowatch/watch"
)

// late says that the message comes long after what it tells of.
func (w *writer) late() []Row {
	age := w.now.Sub(w.n.At)
	if age <= lateAfter {
		return nil
	}
	return []Row{{Part: Remark, Value: say(w.c.Words["remark.late"], map[string]string{
		"age": w.c.span(age), "at": w.values["at"]})}}
}

// changes are the rows of before → after.
func (w *writer) changes() []Row {
	n := &w.n
	before, after := n.Before.Capacity, n.After.Capacity
	switch {
	case before != nil && after != nil:
		return w.capacityChanges(before, after)
	case n.Before.Text == "" && n.After.Text == "":
		return nil
	}
	label := map[watch.Type]string{
		watch.StatusChanged: "status", watch.ExpiryChanged: "end", watch.ResourceChanged: "resource",
	}[n.Type]
	if label == "" {
		label = "change"
	}
	return []Row{w.row(Change, label, w.values["before"]+" → "+w.values["after"])}
}

func (w *writer) capacityChanges(before, after *watch.Capacity) []Row {
	var rows []Row
	arrow := func(label string, from, to uint64) {
		if from != to {
			rows = append(rows, w.row(Change, label, strconv.FormatUint(from, 10)+" → "+strconv.FormatUint(to, 10)))
		}
	}
	arrow("cores", before.CoresCnt, after.CoresCnt)
	arrow("elastic", before.MaxPostPayCoresCnt, after.MaxPostPayCoresCnt)
	return rows
}

// detail is the free text: what the API or a channel said.
func (w *writer) detail() []Row {
	if w.n.Type == watch.DeliveryRecovered { // holds the channel's name
		return nil
	}
	code, message := OneLine(w.n.Code), OneLine(w.n.Message)
	if code != "" && !strings.Contains(message, code) {
		message = strings.TrimSuffix(code+": "+message, ": ")
	}
	switch {
	case message == "":
		return nil
	case w.blind(), w.n.Type == watch.DeliveryFailed:
		return []Row{w.row(Detail, "said", message)}
	}
	return []Row{w.row(Detail, "message", message)}
}

// deadline is the end, wherever one is known and the notice is about the
// account.
func (w *writer) deadline(passed bool) []Row {
	if w.n.EndTime.IsZero() || channelOf(&w.n) != "" {
		return nil
	}
	if passed {
		return []Row{w.row(Deadline, "ended", say(w.c.Words["deadline.past"], w.values))}
	}
	return []Row{w.row(Deadline, "ends", say(w.c.Words["deadline.ahead"], w.values))}
}

// facts are what a reader may want to know beside, where the title does not
// say it.
func (w *writer) facts() []Row {
	n, e := &w.n, w.n.Edition
	var rows []Row
	fact := func(shown bool, label, value string) {
		if shown {
			rows = append(rows, w.row(Fact, label, value))
		}
	}
	baseline := n.Type == watch.BaselineRecorded
	fact(n.Failures > 0 && w.blind(), "failures", w.values["failures"])
	fact(n.Type == watch.ProblemReminder, "reminder", say(w.c.Words["reminder"], w.values))
	fact(good(n) && !n.Since.IsZero(), "lasted", say(w.c.Words["lasted"], w.values))
	fact(e.Status != "" && w.blind(), "known", w.values["status"])
	fact(e.Status != "" && w.aboutEnd() && !baseline, "status", w.values["status"])
	fact(e.AutoRenewal != "" && w.aboutEnd(), "renewal", w.c.word("renewal", e.AutoRenewal))
	fact(e.CoresCnt > 0 && baseline, "cores", strconv.FormatUint(e.CoresCnt, 10))
	fact(e.MaxPostPayCoresCnt > 0 && baseline, "elastic", strconv.FormatUint(e.MaxPostPayCoresCnt, 10))
	fact(len(n.Labels) > 0, "labels", pairs(n.Labels))
	return rows
}

// blind reports whether the notice is of a time when nothing can be read, so
// that the status is only remembered.
func (w *writer) blind() bool {
	switch w.n.Type {
	case watch.CheckFailing, watch.AccountStale, watch.AccountChecked, watch.AccountRemoved:
		return true
	}
	return w.n.Type == watch.ProblemReminder && w.n.Problem == watch.ProblemCheck
}

// aboutEnd reports whether the notice is about the end of the edition.
func (w *writer) aboutEnd() bool {
	switch w.n.Type {
	case watch.BaselineRecorded, watch.ExpiryChanged, watch.ExpiryApproaching, watch.ExpiryReached:
		return true
	}
	return w.n.Type == watch.ProblemReminder && w.n.Problem == watch.ProblemExpiry
}
