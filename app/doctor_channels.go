package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"prowatch/watch"
)

// channels looks at what is remembered of each channel that can be made, or
// sends each a test message; without a store it can do neither.
func (d *doctor) channels(ctx context.Context, stored, send bool) {
	names := d.app.Runner.ChannelNames()
	if !stored {
		for _, name := range names {
			d.add("channel", name, Good, "its settings are right", "")
		}
		return
	}
	if send && len(names) > 0 {
		d.trial(ctx, names)
		return
	}
	records, err := d.app.Runner.ChannelRecords(ctx)
	if err != nil {
		return // told of the store already
	}
	for _, rec := range records {
		d.findings = append(d.findings, channelFinding(&rec))
	}
}

// channelFinding is what the last deliveries say of a channel.
func channelFinding(rec *watch.ChannelRecord) Finding {
	f := Finding{Part: "channel", Name: rec.Channel, Verdict: Good}
	switch {
	case rec.Failures > 0:
		f.Verdict = Doubtful
		f.Text = fmt.Sprintf("refused the last %d messages, since %s: %s", rec.Failures, rec.FailingSince.Local().Format(time.DateTime), strings.TrimSpace(rec.LastError.Code+" "+rec.LastError.Text))
		f.Mend = "mend that, then try it with prowatch notify test " + rec.Channel
	case rec.GoodAt.IsZero():
		f.Text = "its settings are right; it was never used, and --send tries it"
	default:
		f.Text = "its settings are right; it last took a message on " + rec.GoodAt.Local().Format(time.DateTime)
	}
	return f
}

// trial sends a test message through all that a real one goes through.
func (d *doctor) trial(ctx context.Context, names []string) {
	entry, err := d.app.Runner.Trial(ctx, names...)
	if err != nil {
		d.add("channel", "", Faulty, "the test message could not be kept: "+err.Error(), "")
		return
	}
	for _, name := range names {
		r := entry.Receipts[name]
		text := strings.TrimSpace(string(r.State) + ": " + strings.TrimSpace(r.Code+" "+r.Text))
		switch {
		case r.State == watch.StateSent, r.State == watch.StateAccepted:
			d.add("channel", name, Good, text, "")
		case r.State.Open() && r.Text == "":
			d.add("channel", name, Doubtful, "the test message waits: the channel is muted or paused", "prowatch status says which; prowatch unmute channel "+name+" ends a mute")
		default:
			d.add("channel", name, Faulty, text, "mend that, then try it with prowatch notify test "+name)
		}
	}
}
