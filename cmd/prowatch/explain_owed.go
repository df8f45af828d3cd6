package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"prowatch/watch"
)

// waits says why a receipt is what it is.
func (x *explanation) waits(channel string, r watch.Receipt) string {
	c := x.channel(channel)
	said := strings.TrimSpace(r.Code + " " + r.Text)
	switch {
	case r.State == watch.StateDead && c == nil:
		return "given up: " + said
	case r.State == watch.StateDead:
		return fmt.Sprintf("given up: %s; once that is mended, prowatch redrive --channel %s sends it again", said, channel)
	case r.State == watch.StateUnknown:
		return fmt.Sprintf("it may have arrived: %s; prowatch redrive --channel %s sends it again", said, channel)
	case c == nil:
		return "the channel is not configured any more; the next run gives it to those that its routes name"
	case c.PausedUntil.After(x.now):
		return fmt.Sprintf("the channel is left alone until %s, since it refused: %s", x.time(c.PausedUntil), outcomeText(c.LastError))
	case mutedAt(c.Mute, x.now):
		return "the channel is muted " + muteText(c.Mute)
	case x.Mute != nil:
		return "the account is muted " + muteText(x.Mute)
	case c.Flight != nil && c.Flight.Until.After(x.now):
		return "a run is sending it now"
	case r.State == watch.StateHeld:
		return "it was held by a mute that is over; the next run sends it"
	case said != "":
		return "refused for now: " + said + "; the next run sends it again"
	case c.Failures > 0:
		return "the channel refuses: " + outcomeText(c.LastError) + "; the next run tries again"
	}
	return "the next run sends it"
}

func (x *explanation) channel(name string) *watch.ChannelRecord {
	for i := range x.channels {
		if x.channels[i].Channel == name {
			return &x.channels[i]
		}
	}
	return nil
}

func outcomeText(o watch.Outcome) string { return strings.TrimSpace(o.Code + " " + o.Text) }

// sayOwed says what did not arrive, and where the last notices arrived.
func (x *explanation) sayOwed() {
	for _, e := range x.Said {
		if len(e.Receipts) == 0 {
			x.add("owed", "%s was routed to no channel.", e.Notice.Type)
		}
		for _, name := range slices.Sorted(maps.Keys(e.Receipts)) {
			if r := e.Receipts[name]; r.State == watch.StateSent || r.State == watch.StateAccepted {
				x.add("owed", "%s reached %s: %s.", e.Notice.Type, name, receiptText(r))
			}
		}
	}
	for _, o := range x.Owed {
		verb := "waits for"
		if !o.State.Open() {
			verb = "did not surely reach"
		}
		x.add("owed", "%s (%s, of %s) %s %s: %s.", o.Type, o.Severity, when(o.Since.Local()), verb, o.Channel, o.Why)
	}
	if len(x.Owed) == 0 {
		x.add("owed", "Nothing is owed to any channel.")
	}
}

// print prints the sentences, each topic named once.
func (x *explanation) print(p *process) error {
	rows := [][]string{{"ACCOUNT", x.Account}}
	topic := ""
	for _, r := range x.Remarks {
		name := strings.ToUpper(r.Topic)
		if r.Topic == topic {
			name = ""
		}
		topic = r.Topic
		rows = append(rows, []string{name, r.Text})
	}
	return table(p.stdout, rows)
}
