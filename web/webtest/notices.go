package webtest

import (
	"time"

	"prowatch/watch"
)

// said returns what was said of the i-th account, the newest first.
func said(a *watch.AccountStatus, i int) []watch.Entry {
	say := func(age time.Duration, typ watch.Type, severity watch.Severity, more func(n *watch.Notice)) watch.Entry {
		n := watch.Notice{Account: a.ID, Labels: a.Labels, At: Now.Add(-age), Type: typ, Severity: severity, Edition: a.Edition, EndTime: a.EndTime, Resolves: []string{}}
		n.Seq = uint64(1000 - age/time.Hour)
		n.ID = watch.NoticeID(n.Account, n.Seq, n.Type, n.At)
		if more != nil {
			more(&n)
		}
		return watch.Entry{Notice: n, Receipts: receipts(age, i)}
	}
	baseline := say(300*day, watch.BaselineRecorded, watch.Info, func(n *watch.Notice) { n.Edition.Status = watch.Normal })
	switch i {
	case 0:
		return []watch.Entry{say(3*day+2*time.Hour, watch.StatusChanged, watch.Critical, func(n *watch.Notice) {
			n.Before, n.After, n.Opens = watch.Value{Text: "Normal"}, watch.Value{Text: "Isolate"}, watch.ProblemStatus
		}), baseline}
	case 2:
		return []watch.Entry{say(26*time.Hour, watch.ExpiryReached, watch.Critical, nil), say(2*day, watch.ExpiryApproaching, watch.Critical, nil), baseline}
	case 5:
		return []watch.Entry{say(31*time.Hour, watch.CheckFailing, watch.Critical, func(n *watch.Notice) {
			n.Class, n.Code, n.Message, n.Failures = watch.Denied, a.Failure.Code, a.Failure.Message, 1
		}), baseline}
	case 6:
		return []watch.Entry{say(5*day, watch.CapacityChanged, watch.Warning, func(n *watch.Notice) {
			n.Before, n.After = watch.Value{Capacity: &watch.Capacity{MaxPostPayCoresCnt: 500}}, watch.Value{Capacity: &watch.Capacity{CoresCnt: 96, MaxPostPayCoresCnt: 500}}
			n.Opens = watch.ProblemCapacity
		}), baseline}
	case 7:
		return []watch.Entry{say(7*time.Hour, watch.DeliveryFailed, watch.Warning, func(n *watch.Notice) {
			n.Opens, n.Code, n.Message = "delivery:pager", "403", "the routing key is not known"
		}), say(12*day, watch.ExpiryChanged, watch.Info, func(n *watch.Notice) {
			n.Kind = watch.KindRenewed
		}), baseline}
	}
	return []watch.Entry{baseline}
}

// receipts are of a notice of this age, on the channels of the fleet.
func receipts(age time.Duration, i int) map[string]watch.Receipt {
	at := Now.Add(-age)
	list := map[string]watch.Receipt{
		"sec": {State: watch.StateSent, Since: at, At: at.Add(2 * time.Second), Attempts: 1, Code: "0", Text: "ok"},
	}
	switch {
	case i == 7 && age < day:
		list["pager"] = watch.Receipt{State: watch.StateDead, Since: at, At: at.Add(time.Minute), Attempts: 3, Code: "403", Text: "the routing key is not known: set routing_key of an active Events API v2 integration"}
	case i == 2:
		list["mail"] = watch.Receipt{State: watch.StateHeld, Since: at}
	case i == 0:
		list["pager"] = watch.Receipt{State: watch.StateAccepted, Since: at, At: at.Add(time.Second), Attempts: 1, Code: "202", Text: "queued"}
	case i == 5:
		list["feishu-oncall"] = watch.Receipt{State: watch.StateUnknown, Since: at, At: at.Add(12 * time.Second), Attempts: 2, Text: "the connection broke before the answer"}
	}
	return list
}
