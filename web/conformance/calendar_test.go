package conformance

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"prowatch/watch"
	"prowatch/web"
	"prowatch/web/webtest"
)

func TestTheCalendarInAnotherParser(t *testing.T) {
	o, _ := webtest.Fleet(12)
	o.Accounts[3].ID = `a\b;c,d "安全" ` + strings.Repeat("é", 60)
	var b bytes.Buffer
	if err := web.WriteCalendar(&b, o, "prowatch.example"); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Name   string
		Events []struct {
			UID, Summary, Description, Start, URL string
			Alarms                                []int
		}
	}
	runNode(t, "calendar.mjs", b.String(), &got)
	if got.Name != "TCSS Pro licences" {
		t.Errorf("its name is %q", got.Name)
	}
	var ends []*watch.AccountStatus
	for i := range o.Accounts {
		if !o.Accounts[i].EndTime.IsZero() {
			ends = append(ends, &o.Accounts[i])
		}
	}
	if len(got.Events) != len(ends) {
		t.Fatalf("%d events, want %d", len(got.Events), len(ends))
	}
	for i, e := range got.Events {
		a, word, alarms := ends[i], "ends", []int{-7 * 86400, -86400}
		if !a.EndTime.After(o.At) {
			word, alarms = "ended", []int{}
		}
		start, err := time.Parse(time.RFC3339, e.Start)
		if err != nil || !start.Equal(a.EndTime) {
			t.Errorf("%s begins %s, want %s", a.ID, e.Start, a.EndTime)
		}
		if e.Summary != "TCSS Pro "+word+": "+a.ID || e.URL != a.Console || !strings.HasPrefix(e.Description, "Account: "+a.ID+"\nEnd: ") || !slices.Equal(e.Alarms, alarms) {
			t.Errorf("%s: %+v", a.ID, e)
		}
	}
}
