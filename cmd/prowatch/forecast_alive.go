package main

import (
	"time"

	"github.com/robfig/cron/v3"

	"prowatch/watch"
)

// maxLives bounds the words of life that are foreseen: a decade of weekly ones.
const maxLives = 520

// lives foresees the words of life: each is told by the first run after it has
// come due. Of a watcher that never ran the first run sets the mark.
func lives(life watch.Life, mark time.Time, runs cron.Schedule, now, end time.Time) []forecastLine {
	if life.Channel == "" {
		return nil
	}
	if mark.IsZero() {
		mark = runs.Next(now)
	}
	var lines []forecastLine
	for len(lines) < maxLives {
		due := life.Next(mark)
		if due.IsZero() {
			return lines
		}
		if due.Before(now) {
			due = now
		}
		tell := runs.Next(due.Add(-time.Second))
		if tell.IsZero() || tell.After(end) {
			return lines
		}
		lines = append(lines, forecastLine{
			Tell:    tell,
			Notice:  watch.Notice{Account: watch.WatchAccount, At: tell.UTC(), Type: watch.WatchAlive, Severity: watch.Info, Resolves: []string{}},
			Hearers: []hearer{{Channel: life.Channel}},
		})
		mark = tell
	}
	return lines
}
