package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"prowatch/app"
	"prowatch/store/transfer"
	"prowatch/watch"
)

const stateHelp = `State lists, saves and moves what prowatch remembers, whatever store it is in. A
state is named as in the configuration, such as file:./state or
dynamodb:prowatch; --state names another than the configured one.`

func (p *process) stateVerb() *cobra.Command {
	cmd := verb("state", "List, save and move what is remembered", stateHelp, noArgs,
		func(cmd *cobra.Command, _ []string) error { return cmd.Help() })
	cmd.AddCommand(p.stateListVerb(), p.stateExportVerb(), p.stateImportVerb(), p.stateMigrateVerb())
	return cmd
}

// stateFlag is the flag that names another state than the configured one.
type stateFlag struct{ name string }

func (f *stateFlag) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.name, "state", "", "another `state` than the configured one, such as file:./state")
}

// openState opens a state, the configured one if its name is "".
func (p *process) openState(ctx context.Context, name string, use app.Use) (string, watch.Store, error) {
	name, s, err := app.OpenState(ctx, p.options(use), name, use)
	if err != nil {
		return "", nil, failed(err)
	}
	return name, s, nil
}

const stateListHelp = `List prints the records that are in the state, and their size. What is no record of
this prowatch, or is torn, is there with the reason.`

func (p *process) stateListVerb() *cobra.Command {
	var out output
	var state stateFlag
	cmd := verb("list", "Print which records there are", stateListHelp, noArgs, func(cmd *cobra.Command, _ []string) error {
		_, s, err := p.openState(cmd.Context(), state.name, app.Look)
		if err != nil {
			return err
		}
		defer p.signOfLife("reading")()
		entries, err := transfer.List(cmd.Context(), s)
		if err != nil {
			return failed(err)
		}
		if out.json() {
			return printJSON(p.stdout, entries)
		}
		rows := [][]string{{"RECORD", "BYTES", "STATE"}}
		for _, e := range entries {
			size, verdict := fmt.Sprint(e.Bytes), "whole"
			if e.Error != "" {
				size, verdict = "-", e.Error
			}
			rows = append(rows, []string{e.Key, size, verdict})
		}
		return table(p.stdout, rows)
	})
	state.add(cmd)
	out.add(cmd, "table", "json")
	return cmd
}

const stateExportHelp = `Export writes all records as lines of JSON, sorted, to FILE or else to stdout.
The document holds no secret, but which accounts there are and what their chats
were told. What is torn or was written by a newer prowatch is reported and left
out, and the exit code is then 3.

It may be done beside a run: each record is whole. A backup from cron is
  23 3 * * * prowatch state export /backup/prowatch.jsonl`

func (p *process) stateExportVerb() *cobra.Command {
	var state stateFlag
	cmd := verb("export [FILE]", "Write all records as one document", stateExportHelp, wantArgs(0, 1, "at most one file"),
		func(cmd *cobra.Command, args []string) error {
			name, s, err := p.openState(cmd.Context(), state.name, app.Look)
			if err != nil {
				return err
			}
			if len(args) == 0 || args[0] == "-" {
				return p.export(cmd.Context(), s, name, p.stdout, "")
			}
			return writeFile(args[0], func(w io.Writer) error { return p.export(cmd.Context(), s, name, w, " to "+args[0]) })
		})
	cmd.Example = "  prowatch state export backup.jsonl\n  prowatch state export --state s3://bucket/prowatch | gzip > backup.jsonl.gz"
	state.add(cmd)
	return cmd
}

func (p *process) export(ctx context.Context, s watch.Store, state string, w io.Writer, where string) error {
	progress, stop := p.progress("exporting")
	defer stop()
	head := transfer.Header{At: p.now().UTC(), By: versionText(), From: kindOf(state)}
	n, faults, err := transfer.Export(ctx, s, w, head, progress)
	stop()
	if err != nil {
		return failed(fmt.Errorf("exporting: %w", err))
	}
	p.printFaults("left out", faults)
	fmt.Fprintf(p.stderr, "%s exported%s\n", plural(n, "record"), where)
	if len(faults) > 0 {
		return &exitError{code: exitFailed}
	}
	return nil
}

// writeFile writes a file that is its owner's, as a whole or not at all. A write
// that ends with no more than an exit code has written what there was.
func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".prowatch-*")
	if err != nil {
		return failed(fmt.Errorf("writing %s: %w", name, err))
	}
	defer os.Remove(f.Name())
	defer f.Close()
	result := write(f)
	var code *exitError
	if result != nil && !(errors.As(result, &code) && code.err == nil) {
		return result
	}
	if err := errors.Join(f.Sync(), f.Close(), os.Rename(f.Name(), name)); err != nil {
		return failed(fmt.Errorf("writing %s: %w", name, err))
	}
	return result
}

const stateImportHelp = `Import reads what export wrote, from FILE or with - from stdin, into the state.
Every line is checked before the first is written. Records that are there and the
same are left; if one is there and differs, nothing is written, unless --replace
says so. Done again it changes nothing.`

func (p *process) stateImportVerb() *cobra.Command {
	var state stateFlag
	var o transfer.Options
	var out output
	cmd := verb("import FILE", "Read a document back", stateImportHelp, wantArgs(1, 1, "a file, or - for stdin"),
		func(cmd *cobra.Command, args []string) error {
			records, err := p.document(args[0])
			if err != nil {
				return failed(err)
			}
			use := app.Keep
			if o.DryRun {
				use = app.Look
			}
			name, to, err := p.openState(cmd.Context(), state.name, use)
			if err != nil {
				return err
			}
			if err := p.idle(cmd.Context(), to, true); err != nil {
				return err
			}
			progress, stop := p.progress("importing")
			defer stop()
			o.Progress = progress
			result, err := transfer.Import(cmd.Context(), records, to, o)
			stop()
			return p.moved(&out, result, err, o, "to "+app.StateName(name))
		})
	cmd.Example = "  prowatch state import backup.jsonl --dry-run\n  gunzip < backup.jsonl.gz | prowatch state import - --state file:./state"
	state.add(cmd)
	p.addMoving(cmd, &o, &out)
	return cmd
}

func (p *process) document(name string) ([]transfer.Record, error) {
	in := p.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("reading the document: %w", err)
		}
		defer f.Close()
		in = f
	}
	_, records, err := transfer.Read(in)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be imported, and nothing was written:\n%w", name, err)
	}
	return records, nil
}

func (p *process) addMoving(cmd *cobra.Command, o *transfer.Options, out *output) {
	cmd.Flags().BoolVar(&o.Replace, "replace", false, "overwrite records that are there and differ")
	cmd.Flags().BoolVarP(&o.DryRun, "dry-run", "n", false, "look, and write nothing")
	out.add(cmd, "text", "json")
}
