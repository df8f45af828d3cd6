package notifytest

import (
	"time"

	"prowatch/watch"
)

// console and runbook are the links of the samples.
const (
	consoleHost = "https://console.tencentcloud.com/"

	console = consoleHost + "tcss"
	runbook = "https://wiki.example.com/tcss#lapse"
)

// now is when the samples were seen: 09:07 in Shanghai.
var (
	now  = time.Date(2026, 11, 24, 1, 7, 0, 0, time.UTC)
	zone = time.FixedZone("CST", 8*60*60)
	end  = time.Date(2026, 11, 27, 0, 0, 0, 0, zone)
)

const day = 24 * time.Hour

// A Case is a message with a name.
type Case struct {
	Name    string
	Message watch.Message
}

// Cases returns a message of every type of notice, in each of its variants, and
// one each that is late and that is a possible duplicate. They are the same at
// every call.
func Cases() []Case {
	var cases []Case
	for i, s := range samples() {
		n := s.notice
		if n.At.IsZero() {
			n.At = now
		}
		if n.Resolves == nil {
			n.Resolves = []string{}
		}
		n.Seq = uint64(i + 1)
		n.ID = watch.NoticeID(n.Account, n.Seq, n.Type, n.At)
		item := watch.Item{Notice: n, Console: console}
		if n.Account == watch.WatchAccount {
			item.Console = ""
		}
		if n.Severity == watch.Critical {
			item.Runbook = runbook
		}
		cases = append(cases, Case{s.name, watch.Message{
			ID: n.ID, At: now.Add(3 * time.Second), Items: []watch.Item{item}, PossibleDuplicate: s.duplicate,
		}})
	}
	return cases
}

// Find returns the case of that name.
func Find(name string) watch.Message {
	for _, c := range Cases() {
		if c.Name == name {
			return c.Message
		}
	}
	panic("notifytest: no case " + name)
}

type sample struct {
	name      string
	notice    watch.Notice
	duplicate bool
}

var labels = map[string]string{"team": "sec", "env": "prod"}

// edition is what is believed of the sample account, with the status.
func edition(s watch.Status) watch.Edition {
	return watch.Edition{Status: s, EndTime: "2026-11-27 00:00:00", ResourceID: "tcss-7f3a", MaxPostPayCoresCnt: 500, IsPurchased: true, AutoRenewal: "off"}
}

func text(s string) watch.Value { return watch.Value{Text: s} }

func cores(missing, limit uint64) watch.Value {
	return watch.Value{Capacity: &watch.Capacity{CoresCnt: missing, MaxPostPayCoresCnt: limit}}
}

// of returns a notice of the sample account.
func of(t watch.Type, s watch.Severity, e watch.Edition) watch.Notice {
	return watch.Notice{Account: "acme-prod", Labels: labels, Type: t, Severity: s, Edition: e, RequestID: "3f2a9c1e-77aa-4c0b-9d0e-51b2a6f0c9d4"}
}

// with returns n as f changes it.
func with(n watch.Notice, f func(*watch.Notice)) watch.Notice {
	f(&n)
	return n
}
