// Package scenario reads, plays, checks and writes scenario files: what an
// account's API answered, when, and which notices the rules owe to that.
//
//	title: what this shows
//	account: acme
//	policy: {confirm: 2}
//	steps:
//	  - at: 2026-01-01T00:00:00+08:00
//	    api: {BuyStatus: Normal, EndTime: "2026-02-01 00:00:00"}
//	    want: [{type: baseline.recorded, severity: info}]
//	  - at: 2026-01-02T00:00:00+08:00
//	    error: {code: InternalError.MainDBFail, message: …}
//
// [Read] is as strict as the configuration, with a place for each fault.
// [Play] puts the steps through [watch.Step], the very rules of a run, and
// [Check] compares what they say with what the file wants. The files in
// testdata are the executable form of the rules.
package scenario
