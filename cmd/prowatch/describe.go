package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"prowatch/app"
	"prowatch/tcss"
	"prowatch/watch"
)

const describeHelp = `Describe asks the API about one account and prints its answer as it came, like
the vendor's own command line. It reads no record and tells nobody. With one
account configured the id may be left out.`

func (p *process) describeVerb() *cobra.Command {
	var out output
	cmd := verb("describe [ACCOUNT]", "Print the API's raw answer for one account", describeHelp, wantArgs(0, 1, "one account id at most"),
		func(cmd *cobra.Command, args []string) error {
			a, err := app.New(cmd.Context(), p.options(app.None))
			if err != nil {
				return failed(err)
			}
			p.warn(a)
			id, err := oneAccount(a, args)
			if err != nil {
				return err
			}
			client, err := a.Client(id)
			if err != nil {
				return usage(err)
			}
			answer, err := client.Describe(cmd.Context())
			if err != nil {
				return failed(withMend(err))
			}
			return p.printAnswer(answer, &out)
		})
	cmd.Example = "  prowatch describe\n  prowatch describe acme-prod --output table"
	out.add(cmd, "json", "table")
	return cmd
}

func oneAccount(a *app.App, args []string) (string, error) {
	if len(args) == 1 {
		return args[0], nil
	}
	ids := a.Runner.AccountIDs()
	if n := len(ids); n != 1 {
		return "", usage(fmt.Errorf("%d accounts are configured: say which, as in prowatch describe %s", n, ids[0]))
	}
	return ids[0], nil
}

// withMend adds what to do about a failure.
func withMend(err error) error {
	if f, ok := err.(*watch.Failure); ok {
		return fmt.Errorf("%s %s", sentence(err.Error()), tcss.Mend(f))
	}
	return err
}

// printAnswer prints a Response object.
func (p *process) printAnswer(answer []byte, out *output) error {
	if out.json() {
		var b bytes.Buffer
		if json.Indent(&b, answer, "", "  ") != nil {
			b = *bytes.NewBuffer(answer)
		}
		_, err := fmt.Fprintf(p.stdout, "%s\n", &b)
		return err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(answer, &fields); err != nil {
		return failed(fmt.Errorf("the answer is no JSON object: %w", err))
	}
	rows := [][]string{{"FIELD", "VALUE"}}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		rows = append(rows, []string{name, string(fields[name])})
	}
	return table(p.stdout, rows)
}
