package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"prowatch/app"
	"prowatch/watch"
)

const muteHelp = `Mute holds back what is not urgent, of one account or to one channel. What opens
a problem or raises it to critical is told all the same, unless --all is given;
reminders are dropped; a resolve goes where its opening went. The rest is held,
and told as one message by the first run after the mute.`

func (p *process) muteVerb() *cobra.Command {
	var length, until, reason string
	var all bool
	cmd := verb("mute account|channel NAME", "Hold back what is not urgent", muteHelp, wantArgs(2, 2, "account or channel, and its name"),
		func(cmd *cobra.Command, args []string) error {
			m := &watch.Mute{Since: p.now().UTC(), Reason: reason, All: all}
			var err error
			if m.Until, err = p.endOfMute(length, until); err != nil {
				return usage(err)
			}
			if err := p.setMute(cmd, args, m); err != nil {
				return err
			}
			end := "until prowatch unmute " + args[0] + " " + args[1]
			if !m.Until.IsZero() {
				end = "until " + m.Until.Format("2006-01-02 15:04:05 -07:00")
			}
			_, err = fmt.Fprintf(p.stdout, "%s %s is muted %s\n", args[0], args[1], end)
			return err
		})
	cmd.Example = "  prowatch mute account acme-prod --for 2h --reason 'contract talks'\n  prowatch mute channel sec --until 2026-12-01T09:00:00+08:00"
	cmd.Flags().StringVar(&length, "for", "", "how long, as a `duration` such as 2h or 3d")
	cmd.Flags().StringVar(&until, "until", "", "until when, as a `time` in RFC 3339")
	cmd.Flags().StringVar(&reason, "reason", "", "why, for the others")
	cmd.Flags().BoolVar(&all, "all", false, "hold back what is urgent, too")
	return cmd
}

func (p *process) unmuteVerb() *cobra.Command {
	return verb("unmute account|channel NAME", "Take a mute back", "Unmute takes a mute back. The next run tells what was held.", wantArgs(2, 2, "account or channel, and its name"),
		func(cmd *cobra.Command, args []string) error {
			if err := p.setMute(cmd, args, nil); err != nil {
				return err
			}
			_, err := fmt.Fprintf(p.stdout, "%s %s is not muted; the next run tells what was held\n", args[0], args[1])
			return err
		})
}

// endOfMute reads --for or --until; neither is a mute without end.
func (p *process) endOfMute(length, until string) (time.Time, error) {
	switch {
	case length != "" && until != "":
		return time.Time{}, errors.New("give --for or --until, not both")
	case length != "":
		d, err := watch.ParseDuration(length)
		if err != nil || d == 0 {
			return time.Time{}, fmt.Errorf("--for %.40q is no duration: write 2h or 3d", length)
		}
		return p.now().Add(time.Duration(d)), nil
	case until != "":
		t, err := time.Parse(time.RFC3339, until)
		if err != nil {
			return t, fmt.Errorf("--until %.40q is no time: write it as %s", until, p.now().Format(time.RFC3339))
		}
		if !t.After(p.now()) {
			return t, fmt.Errorf("--until %s is past", until)
		}
		return t, nil
	}
	return time.Time{}, nil
}

func (p *process) setMute(cmd *cobra.Command, args []string, m *watch.Mute) error {
	a, err := app.New(cmd.Context(), p.options(app.Keep))
	if err != nil {
		return failed(err)
	}
	p.warn(a)
	known := func(names []string) error {
		if slices.Contains(names, args[1]) {
			return nil
		}
		return usage(fmt.Errorf("no %s %.64q is configured", args[0], args[1]))
	}
	switch args[0] {
	case "account":
		if err = known(a.Runner.AccountIDs()); err == nil {
			err = a.Runner.MuteAccount(cmd.Context(), args[1], m)
		}
	case "channel":
		if err = known(a.Runner.ChannelNames()); err == nil {
			err = a.Runner.MuteChannel(cmd.Context(), args[1], m)
		}
	default:
		err = usage(fmt.Errorf("what to mute is account or channel, not %.40q", args[0]))
	}
	var e *exitError
	if err != nil && !errors.As(err, &e) {
		err = failed(err)
	}
	return err
}

const redriveHelp = `Redrive sends the notices again that are dead (refused for good, or not taken for a
day) or unknown (they may have arrived). Mend the channel first; prowatch history shows what is dead and why.`

func (p *process) redriveVerb() *cobra.Command {
	var channel string
	cmd := verb("redrive", "Send dead notices again", redriveHelp, noArgs,
		func(cmd *cobra.Command, _ []string) error {
			a, err := app.New(cmd.Context(), p.options(app.Keep))
			if err != nil {
				return failed(err)
			}
			p.warn(a)
			if channel != "" && !slices.Contains(a.Runner.ChannelNames(), channel) {
				return usage(fmt.Errorf("no channel %.64q is configured", channel))
			}
			n, err := a.Runner.Redrive(cmd.Context(), channel)
			if err != nil {
				return failed(err)
			}
			report, err := a.Runner.Tell(cmd.Context())
			if err != nil {
				return failed(err)
			}
			p.printLost(report)
			fmt.Fprintf(p.stdout, "%s made pending again, %d sent, %d pending\n", plural(n, "receipt"), report.Counts().Sent, report.Pending)
			if len(undelivered(report)) > 0 || report.Pending > 0 {
				return &exitError{code: exitFailed}
			}
			return nil
		})
	cmd.Flags().StringVar(&channel, "channel", "", "only to the channel of this `name`")
	return cmd
}
