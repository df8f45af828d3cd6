package scenario

import "prowatch/watch"

// A Line is a notice and the step that made it, counted from 0. As JSON it is
// the notice's object with step as the first key.
type Line struct {
	Step int `json:"step"`
	watch.Notice
}

// Play puts the steps through the rules, from an account of which nothing is
// known, and returns what they say.
func Play(s *Scenario) []Line {
	var lines []Line
	rec := watch.NewRecord(s.Account)
	for i := range s.Steps {
		next, notices := watch.Step(rec, s.Steps[i].Observation(), &s.Policy)
		rec = next
		for _, n := range notices {
			lines = append(lines, Line{i, n})
		}
	}
	return lines
}
