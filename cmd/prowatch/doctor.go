package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"prowatch/app"
)

const doctorHelp = `Doctor tries all that a run needs, and prints what to do about each fault:

  configuration  is it right, and likely to be what you mean?
  clock          is this machine's near the API's? Signatures go by it
  account        is the key taken, and may it ask? (one request each)
  expiry         does the API give an end to watch?
  store          of two racing writers, does exactly one win?
  channel        are its settings right, and did it take the last messages?
                 With --send a test message tries it

It posts nothing without --send, and saves nothing but a scratch record that it
takes away again. Its exit code is 3 where something is at fault, 1 where there is
a warning, else 0.`

func (p *process) doctorVerb() *cobra.Command {
	var send bool
	var out output
	cmd := verb("doctor", "Try configuration, keys, clock, store and channels", doctorHelp, noArgs,
		func(cmd *cobra.Command, _ []string) error {
			o := p.options(app.Keep)
			if out.json() {
				o.Stdout = p.stderr // the channel stdout gives way to the answer
			}
			defer p.signOfLife("trying")()
			findings := app.Examine(cmd.Context(), o, send)
			if err := p.printFindings(findings, &out); err != nil {
				return failed(err)
			}
			if code := exitOfFindings(findings); code != exitOK {
				return &exitError{code: code}
			}
			return nil
		})
	cmd.Example = "  prowatch doctor\n  prowatch doctor --send\n  prowatch doctor --output json"
	cmd.Flags().BoolVar(&send, "send", false, "send a test message to every channel")
	out.add(cmd, "table", "json")
	return cmd
}

// signOfLife says on a terminal that work goes on which takes long, until the
// function that it returns is called.
func (p *process) signOfLife(doing string) (stop func()) {
	if !p.stderrTerminal {
		return func() {}
	}
	began := p.now()
	t := time.AfterFunc(2*time.Second, func() {
		fmt.Fprintf(p.stderr, "%s since %s …\n", doing, began.Format(time.TimeOnly))
	})
	return func() { t.Stop() }
}

// doctorAnswer is what doctor --output json prints.
type doctorAnswer struct {
	Verdict  app.Verdict   `json:"verdict"` // the worst
	Findings []app.Finding `json:"findings"`
}

func (p *process) printFindings(findings []app.Finding, out *output) error {
	worst := map[int]app.Verdict{exitOK: app.Good, exitWarning: app.Doubtful, exitFailed: app.Faulty}[exitOfFindings(findings)]
	if out.json() {
		return printJSON(p.stdout, doctorAnswer{worst, findings})
	}
	styles := map[app.Verdict]string{app.Good: green, app.Doubtful: yellow, app.Faulty: red}
	count := map[app.Verdict]int{}
	for _, f := range findings {
		count[f.Verdict]++
		name := f.Part
		if f.Name != "" {
			name += " " + f.Name
		}
		fmt.Fprintf(p.stdout, "%s %s: %s\n", p.paint(styles[f.Verdict], fmt.Sprintf("%-8s", f.Verdict)), name, f.Text)
		if f.Mend != "" {
			fmt.Fprintf(p.stdout, "%8s mend: %s\n", "", f.Mend)
		}
	}
	_, err := fmt.Fprintf(p.stdout, "%s, %s\n", plural(count[app.Faulty], "fault"), plural(count[app.Doubtful], "warning"))
	return err
}

// exitOfFindings is the code of the worst finding.
func exitOfFindings(findings []app.Finding) int {
	code := exitOK
	for _, f := range findings {
		switch {
		case f.Verdict == app.Faulty:
			return exitFailed
		case f.Verdict == app.Doubtful:
			code = exitWarning
		}
	}
	return code
}
