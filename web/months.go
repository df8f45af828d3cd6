package web

import "time"

// A month is one of the next twelve and how many licences end in it.
type month struct {
	Text string
	N    int
	Y, H string // of the bar, in hundredths
	Kind kind
}

// months counts the ends of the next twelve months, nil where there are none.
func (v *view) months() []month {
	now := v.now.In(v.clock.zone)
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, v.clock.zone)
	list, most := make([]month, 12), 0
	for i := range v.Overview.Accounts {
		end := v.Overview.Accounts[i].EndTime
		if !end.After(v.now) {
			continue
		}
		end = end.In(v.clock.zone)
		n := (end.Year()-first.Year())*12 + int(end.Month()-first.Month())
		if n < 0 || n >= len(list) {
			continue
		}
		list[n].N++
		most = max(most, list[n].N)
		if end.Sub(v.now) <= soon {
			list[n].Kind = warn
		}
	}
	if most == 0 || len(v.Overview.Accounts) < 2 {
		return nil
	}
	for i := range list {
		h := 100 * float64(list[i].N) / float64(most)
		list[i].Text = v.words.Say("month." + itoa(int(first.AddDate(0, i, 0).Month())))
		list[i].Y, list[i].H = hundredths(100-h), hundredths(h)
	}
	return list
}
