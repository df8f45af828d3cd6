package emulator

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxRows is how many requests the overview shows, the last ones.
const maxRows = 100

// overview is the first page.
type overview struct {
	frame
	Accounts    []accountRow
	Roles       []roleRow
	Clock       Clock
	ClockMillis int64
	ZoneMinutes int
	ClockText   string
	ClockInput  string
	ClockNote   string
	Speeds      []choice
	Rows        []logRow
}

type accountRow struct {
	ID, End, ToCome string
	Temporary       bool
	Status          label
}

type roleRow struct {
	ARN string
	Role
}

// choice is one option of a list.
type choice struct {
	Value, Label string
	Chosen       bool
}

// speeds are those the page offers, in seconds a second.
var speeds = []choice{
	{Value: "0", Label: "frozen"}, {Value: "1", Label: "as it is"}, {Value: "60", Label: "a minute a second"},
	{Value: "3600", Label: "an hour a second"}, {Value: "86400", Label: "a day a second"},
}

func (e *Emulator) getOverview(w http.ResponseWriter, r *http.Request) {
	e.writeOverview(w, r, nil)
}

func (e *Emulator) writeOverview(w http.ResponseWriter, r *http.Request, problem error) {
	c := e.Clock()
	_, zone := c.Now.Zone()
	o := overview{
		frame: e.frame(r, "Overview", "overview"), Accounts: e.accountRows(), Roles: e.roleRows(),
		Clock: c, ClockMillis: c.Now.UnixMilli(), ZoneMinutes: zone / 60,
		ClockText: c.Now.Format(time.DateTime), ClockInput: c.Now.Format(time.RFC3339),
		Rows: e.logRows(),
	}
	o.ClockNote = e.clockNote(c)
	chosen := strconv.FormatFloat(c.Speed, 'f', -1, 64)
	o.Speeds = choose(speeds, chosen, chosen+" times")
	status := http.StatusOK
	if problem != nil {
		o.Problem, status = problem.Error(), http.StatusBadRequest
		o.ClockInput = r.PostFormValue("now")
	}
	writePage(w, status, "overview.html", o)
}

func (e *Emulator) clockNote(c Clock) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	zone := c.Now.Format("-07:00")
	if e.clock == nil {
		return "The machine’s time, at " + zone + "."
	}
	return "A virtual time, at " + zone + "."
}

// choose marks one of the options, which is added when it is not among them.
func choose(options []choice, value, otherwise string) []choice {
	chosen, found := slices.Clone(options), false
	for i := range chosen {
		chosen[i].Chosen = chosen[i].Value == value
		found = found || chosen[i].Chosen
	}
	if !found {
		chosen = append(chosen, choice{value, otherwise, true})
	}
	return chosen
}

func (e *Emulator) accountRows() []accountRow {
	e.mu.Lock()
	defer e.mu.Unlock()
	var rows []accountRow
	for _, id := range slices.Sorted(maps.Keys(e.accounts)) {
		a := e.accounts[id]
		ed := a.edition(e.virtualNow())
		rows = append(rows, accountRow{id, shown(ed["EndTime"]), a.toCome(e.virtualNow()), a.token != "", statusLabel(ed)})
	}
	return rows
}

// toCome says how many faults and moments an account has yet to have.
func (a *account) toCome(now time.Time) string {
	var parts []string
	if n := len(a.faults); n > 0 {
		parts = append(parts, count(n, "fault"))
	}
	later := 0
	for _, m := range a.moments[a.settled:] {
		if m.At.After(now) {
			later++
		}
	}
	if later > 0 {
		parts = append(parts, count(later, "moment"))
	}
	return strings.Join(parts, ", ")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (e *Emulator) roleRows() []roleRow {
	roles := e.Roles()
	var rows []roleRow
	for _, arn := range slices.Sorted(maps.Keys(roles)) {
		rows = append(rows, roleRow{arn, roles[arn]})
	}
	return rows
}

func (e *Emulator) getLog(w http.ResponseWriter, _ *http.Request) {
	writePage(w, http.StatusOK, "rows", e.logRows())
}

// postOverview does what a button of the overview says.
func (e *Emulator) postOverview(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	what := r.PostFormValue("do")
	var err error
	switch what {
	case "forget":
		e.ForgetRequests()
	case "reset":
		e.Reset()
	case "clock":
		what, err = e.clockForm(r)
	default:
		err = errors.New("there is no such button")
	}
	if err != nil {
		e.writeOverview(w, r, err)
		return
	}
	done(w, r, what)
}

// clockForm sets the clock, or moves it on, and returns what was done.
func (e *Emulator) clockForm(r *http.Request) (string, error) {
	c := e.Clock()
	switch jump := r.PostFormValue("jump"); jump {
	case "machine":
		e.ResetClock()
		return "machine", nil
	case "":
		now, err := time.Parse(time.RFC3339, strings.TrimSpace(r.PostFormValue("now")))
		if err != nil {
			return "", fmt.Errorf("%q is no time such as 2026-01-31T09:00:00+08:00", r.PostFormValue("now"))
		}
		speed, err := strconv.ParseFloat(r.PostFormValue("speed"), 64)
		if err != nil {
			return "", fmt.Errorf("%q is no speed", r.PostFormValue("speed"))
		}
		c = Clock{now, speed}
	default:
		d, err := time.ParseDuration(jump)
		if err != nil {
			return "", fmt.Errorf("%q is no duration", jump)
		}
		c.Now = c.Now.Add(d)
	}
	return "clock", e.SetClock(c)
}
