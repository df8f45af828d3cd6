package webtest

import "prowatch/watch"

// Evil is a text that would be more than text on a careless page.
const Evil = `"'><i>evil</i>{{.}}` + "`${x}`" + `</script><script>evil=1</script>`

// Hostile returns a fleet of which every text is [Evil], and its notices.
func Hostile() (*watch.Overview, []watch.Entry) {
	o, entries := Fleet(12)
	for i := range o.Accounts {
		a := &o.Accounts[i]
		a.ID, a.Labels, a.Console = Evil+a.ID, map[string]string{Evil: Evil}, "javascript:evil()"
		a.Edition.Status, a.Edition.ResourceID, a.Edition.StartTime, a.Edition.AutoRenewal = watch.Status(Evil), Evil, Evil, Evil
		a.Mute = &watch.Mute{Reason: Evil, All: true}
		a.Failures, a.Failure = 3, &watch.Failure{Class: watch.Class(Evil), Code: Evil, Message: Evil, RequestID: Evil}
		a.Problems = []watch.Problem{{Name: Evil, Severity: watch.Severity(Evil), Told: []string{Evil}}, {Name: "delivery:" + Evil}}
	}
	for i := range o.Channels {
		o.Channels[i] = watch.ChannelStatus{Name: Evil, Type: Evil, Failures: 1, LastError: watch.Outcome{Code: Evil, Text: Evil}, Mute: &watch.Mute{Reason: Evil}}
	}
	o.LastRun.Skipped = []string{Evil}
	types := []watch.Type{watch.StatusChanged, watch.ResourceChanged, watch.DeliveryFailed, watch.Type(Evil)}
	for i := range entries {
		n := &entries[i].Notice
		n.Account, n.Code, n.Message, n.Severity, n.Type = Evil+n.Account, Evil, Evil, watch.Severity(Evil), types[i%len(types)]
		n.Before, n.After, n.Opens = watch.Value{Text: Evil}, watch.Value{Text: Evil}, "delivery:"+Evil
		entries[i].Receipts = map[string]watch.Receipt{Evil: {State: watch.State(Evil), Code: Evil, Text: Evil, By: Evil, Attempts: 2}}
	}
	return o, entries
}
