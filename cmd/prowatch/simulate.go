package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"prowatch/scenario"
	"prowatch/watch"
)

const simulateHelp = `Simulate plays scenario files through the very rules that watch real accounts, and
prints what would be said. It asks no API, keeps nothing and tells nobody.

A file holds what the API says over time, and may say what it wants told:

  title: a licence lapses
  account: acme
  policy: {remind_every: 48h}          # what differs from the defaults
  steps:
    - at: 2026-01-01T00:00:00+08:00
      api: {BuyStatus: Normal, EndTime: "2026-02-01 00:00:00"}
      want: [{type: baseline.recorded, severity: info}]
    - at: 2026-01-02T00:00:00+08:00
      error: {code: InternalError.MainDBFail}
      want: [{type: expiry.approaching, threshold: 30d}]

With --check the exit code is 1 where a step says other than its want.`

func (p *process) simulateVerb() *cobra.Command {
	var check bool
	var out output
	cmd := verb("simulate FILE…", "Play scenario files through the rules", simulateHelp, wantArgs(1, -1, "one scenario file or more"),
		func(_ *cobra.Command, args []string) error {
			wrong := 0
			for _, name := range args {
				n, err := p.simulate(name, check, &out)
				if err != nil {
					return failed(err)
				}
				wrong += n
			}
			if wrong > 0 {
				return &exitError{exitWarning, fmt.Errorf("%s in %s", plural(wrong, "difference"), plural(len(args), "file"))}
			}
			return nil
		})
	cmd.Example = "  prowatch simulate scenario/testdata/03-expiry-ladder.yaml\n  prowatch simulate --check scenario/testdata/*.yaml"
	cmd.Flags().BoolVar(&check, "check", false, "compare with what the files want")
	out.add(cmd, "table", "jsonl")
	return cmd
}

// simulate plays one file and returns how many differences it has.
func (p *process) simulate(name string, check bool, out *output) (wrong int, err error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return 0, fmt.Errorf("reading the scenario: %w", err)
	}
	s, err := scenario.Read(name, data)
	if err != nil {
		return 0, err
	}
	lines := scenario.Play(s)
	var differences []scenario.Mismatch
	if check {
		differences = scenario.Check(s, lines)
	}
	for _, d := range differences {
		fmt.Fprintln(p.stderr, d)
	}
	switch {
	case out.json():
		err = p.printLines(lines)
	case check && len(differences) == 0:
		_, err = fmt.Fprintf(p.stdout, "ok  %s: %s\n", name, s.Title)
	case !check:
		err = p.printScenario(name, s, lines)
	}
	return len(differences), err
}

func (p *process) printLines(lines []scenario.Line) error {
	for _, l := range lines {
		if err := json.NewEncoder(p.stdout).Encode(l); err != nil {
			return err
		}
	}
	return nil
}

func (p *process) printScenario(name string, s *scenario.Scenario, lines []scenario.Line) error {
	fmt.Fprintf(p.stdout, "%s: %s\n", name, p.paint(bold, s.Title))
	rows := [][]string{{"STEP", "AT", "SEVERITY", "TYPE", "FACTS"}}
	for _, l := range lines {
		rows = append(rows, []string{fmt.Sprint(l.Step), s.Steps[l.Step].At.Format("2006-01-02 15:04:05 -07:00"), string(l.Severity), string(l.Type), facts(&l.Notice)})
	}
	if len(lines) == 0 {
		rows = append(rows, []string{"-", "-", "-", "nothing is said", ""})
	}
	defer fmt.Fprintln(p.stdout)
	return table(p.stdout, rows)
}

// facts are a notice's own, in a line.
func facts(n *watch.Notice) string {
	var f []string
	add := func(format string, args ...any) { f = append(f, fmt.Sprintf(format, args...)) }
	if n.Before != (watch.Value{}) || n.After != (watch.Value{}) {
		add("%s → %s", orDash(n.Before.String()), orDash(n.After.String()))
	}
	if n.Kind != "" {
		add("%s", n.Kind)
	}
	if n.Threshold > 0 {
		add("within %s", n.Threshold)
	}
	if n.Problem != "" {
		add("%s, reminder %d", n.Problem, n.Count)
	}
	if n.Class != "" {
		add("%s %s, %d in a row", n.Class, n.Code, n.Failures)
	}
	if n.Opens != "" {
		add("opens %s", n.Opens)
	}
	if len(n.Resolves) > 0 {
		add("resolves %s", strings.Join(n.Resolves, ", "))
	}
	if n.Summary != nil {
		add("accounts %d, failing %d, critical %d, warning %d", n.Summary.Accounts, n.Summary.Failing, n.Summary.Critical, n.Summary.Warning)
	}
	return strings.Join(f, "; ")
}
