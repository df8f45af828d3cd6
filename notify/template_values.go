package notify

import (
	"strconv"
	"time"
)

// templateValues are the values that a template can name, beside the labels. One
// that a notice does not have is "".
var templateValues = map[string]func(w *writer) string{
	"severity":   func(w *writer) string { return w.c.severity(w.n.Severity, good(&w.n)) },
	"tag":        (*writer).tag,
	"account":    said("account"),
	"type":       said("type"),
	"kind":       func(w *writer) string { return w.n.Kind },
	"problem":    said("problem"),
	"channel":    said("channel"),
	"status":     said("status"),
	"before":     func(w *writer) string { return w.side(w.n.Before.String(), "before") },
	"after":      func(w *writer) string { return w.side(w.n.After.String(), "after") },
	"at":         since(func(w *writer) time.Time { return w.n.At }, "at"),
	"end":        since(func(w *writer) time.Time { return w.n.EndTime }, "end"),
	"left":       since(func(w *writer) time.Time { return w.n.EndTime }, "left"),
	"grace":      since(func(w *writer) time.Time { return w.n.EndTime }, "grace"),
	"since":      since(func(w *writer) time.Time { return w.n.Since }, "since"),
	"duration":   since(func(w *writer) time.Time { return w.n.Since }, "duration"),
	"threshold":  (*writer).threshold,
	"cores":      said("cores"),
	"class":      func(w *writer) string { return string(w.n.Class) },
	"code":       func(w *writer) string { return w.n.Code },
	"message":    func(w *writer) string { return w.n.Message },
	"failures":   func(w *writer) string { return counted(w.n.Failures) },
	"count":      func(w *writer) string { return counted(w.n.Count) },
	"console":    func(w *writer) string { return w.item.Console },
	"runbook":    func(w *writer) string { return w.item.Runbook },
	"request_id": func(w *writer) string { return w.n.RequestID },
	"id":         func(w *writer) string { return w.n.ID },
}

// said is a value as the catalogues' own sentences have it.
func said(name string) func(*writer) string {
	return func(w *writer) string { return w.values[name] }
}

// since is a value that comes of a time, where there is that time.
func since(of func(*writer) time.Time, name string) func(*writer) string {
	return func(w *writer) string {
		if of(w).IsZero() {
			return ""
		}
		return w.values[name]
	}
}

// side is one side of a change, where there is a change.
func (w *writer) side(raw, name string) string {
	if raw == "" {
		return ""
	}
	return w.values[name]
}

func (w *writer) threshold() string {
	if w.n.Threshold == 0 {
		return ""
	}
	return w.c.span(time.Duration(w.n.Threshold))
}

func counted(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
