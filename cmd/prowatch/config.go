package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"prowatch/app"
	"prowatch/config"
)

const configHelp = `Config looks at a configuration without running it:

  prowatch config check    is it right, and is it likely to be what you mean?
  prowatch config schema   the JSON Schema of prowatch.yaml, for editors
  prowatch config policy   the least CAM policy that its keys need`

func (p *process) configVerb() *cobra.Command {
	cmd := verb("config", "Check a configuration, print its schema or its CAM policy", configHelp, noVerb,
		func(cmd *cobra.Command, _ []string) error { return cmd.Help() })
	cmd.AddCommand(p.configCheckVerb(), p.configSchemaVerb(), p.configPolicyVerb())
	return cmd
}

// noVerb refuses an argument where a verb is meant.
func noVerb(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage(fmt.Errorf("%s has no verb %.40q%s; %s --help lists them", cmd.CommandPath(), args[0], suggestion(cmd, args[0]), cmd.CommandPath()))
	}
	return nil
}

const configCheckHelp = `Check reads a configuration, FILE or the one that a run would find, and says all
that is wrong with it, each with its place and its mend; and, as warnings, what
can be run but is likely to be a mistake. It asks and tells nobody: prowatch
doctor does.

Its exit code is 3 where something is wrong; with --strict 1 where there is a
warning; else 0.`

func (p *process) configCheckVerb() *cobra.Command {
	var strict bool
	cmd := verb("check [FILE]", "Say what is wrong with a configuration", configCheckHelp, wantArgs(0, 1, "one file at most"),
		func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				p.config = args[0]
			}
			o := p.options(app.None)
			s, err := app.Settings(cmd.Context(), o)
			if err != nil {
				return failed(err)
			}
			if faults := app.Faults(s, o); len(faults) > 0 {
				return failed(errors.Join(faults...))
			}
			lines := app.Lint(s)
			for _, line := range lines {
				fmt.Fprintln(p.stderr, "prowatch: warning:", line)
			}
			text := "ok: " + settingsSize(s) + "\n" + keysInWords(s)
			if _, err := io.WriteString(p.stdout, text); err != nil {
				return failed(err)
			}
			if strict && len(lines) > 0 {
				return &exitError{code: exitWarning}
			}
			return nil
		})
	cmd.Example = "  prowatch config check\n  prowatch config check --strict deploy/prowatch.yaml"
	cmd.Flags().BoolVar(&strict, "strict", false, "exit with 1 where there is a warning")
	return cmd
}

// settingsSize is a configuration in a line.
func settingsSize(s *config.Settings) string {
	accounts := plural(len(s.Accounts), "account")
	if s.Organization != nil {
		accounts += " and an organisation"
	}
	return strings.Join([]string{accounts, plural(len(s.Channels), "channel"), plural(len(s.Routes), "route")}, ", ")
}

// keysInWords says where the keys come from, a line each source; nothing where
// each account has its own.
func keysInWords(s *config.Settings) string {
	count := map[string]int{}
	var order []string
	for _, a := range s.Accounts {
		way := "with " + a.Source()
		if a.RoleARN != "" {
			way = "through a role each, assumed " + way
		}
		if count[way]++; count[way] == 1 {
			order = append(order, way)
		}
	}
	var b strings.Builder
	for _, way := range order {
		if len(order) > 1 || way != "with secret_id" {
			fmt.Fprintf(&b, "keys: %s %s\n", plural(count[way], "account"), way)
		}
	}
	if o := s.Organization; o != nil {
		fmt.Fprintf(&b, "keys: the members of the organisation through the role %s, assumed with %s\n", o.Role, o.Source())
	}
	return b.String()
}

const configSchemaHelp = `Schema prints the JSON Schema (2020-12) of prowatch.yaml. An editor that knows it
completes the keys and marks what is misspelt:

  prowatch config schema > prowatch.schema.json

and in prowatch.yaml, on top:

  # yaml-language-server: $schema=prowatch.schema.json`

func (p *process) configSchemaVerb() *cobra.Command {
	return verb("schema", "Print the JSON Schema of prowatch.yaml", configSchemaHelp, noArgs,
		func(*cobra.Command, []string) error {
			if err := printJSON(p.stdout, app.Schema()); err != nil {
				return failed(err)
			}
			return nil
		})
}
