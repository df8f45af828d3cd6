package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"prowatch/app"
	"prowatch/store/cos"
	"prowatch/store/dynamodb"
	"prowatch/store/postgres"
	"prowatch/store/redis"
	"prowatch/store/s3"
	"prowatch/watch"
)

// verbs are the commands, in the order of the help.
func (p *process) verbs() []*cobra.Command {
	return []*cobra.Command{
		p.demoVerb(), p.checkVerb(), p.statusVerb(), p.historyVerb(), p.describeVerb(), p.simulateVerb(),
		p.notifyVerb(), p.muteVerb(), p.unmuteVerb(), p.redriveVerb(),
		p.doctorVerb(), p.configVerb(), p.forecastVerb(), p.explainVerb(), p.stateVerb(),
		p.serveVerb(), p.emulateVerb(), p.sinkVerb(), p.invokeVerb(), p.versionVerb(),
	}
}

// stores are the kinds of state that the command line links: all of them.
var stores = app.Stores{
	"file": app.File,
	"dynamodb": func(ctx context.Context, state string, _ app.Use) (watch.Store, error) {
		return dynamodb.Open(ctx, state, &dynamodb.Options{Getenv: os.Getenv})
	},
	"redis": func(ctx context.Context, state string, _ app.Use) (watch.Store, error) {
		return redis.Open(ctx, state, nil)
	},
	"rediss": func(ctx context.Context, state string, _ app.Use) (watch.Store, error) {
		return redis.Open(ctx, state, nil)
	},
	"postgres": func(ctx context.Context, state string, _ app.Use) (watch.Store, error) {
		return postgres.Open(ctx, state, nil)
	},
	"cos": func(ctx context.Context, state string, _ app.Use) (watch.Store, error) {
		return cos.Open(ctx, state, &cos.Options{Credentials: func(context.Context) (cos.Credentials, error) {
			return cos.Credentials{SecretID: os.Getenv("TENCENTCLOUD_SECRET_ID"), SecretKey: os.Getenv("TENCENTCLOUD_SECRET_KEY"), Token: os.Getenv("TENCENTCLOUD_TOKEN")}, nil
		}})
	},
	"s3": func(ctx context.Context, state string, _ app.Use) (watch.Store, error) {
		return s3.Open(ctx, state, &s3.Options{Getenv: os.Getenv})
	},
}

// options are what the parts have from this process, with the state opened for
// such a use.
func (p *process) options(use app.Use) app.Options {
	dirs := []string{"."}
	if exe, err := p.executable(); err == nil {
		dirs = append(dirs, filepath.Dir(exe))
	}
	return app.Options{
		Config: p.config, Dirs: dirs, LookupEnv: p.lookupEnv, Environ: p.environ, ReadFile: readFile,
		Secrets: secrets, Stores: stores, State: "file:./state", Use: use, Stdout: p.stdout, Color: p.color(),
		Version: versionText(), Logger: p.logger(),
	}
}

// color reports whether stdout shows colours and its reader wants them.
func (p *process) color() bool {
	noColor, _ := p.lookupEnv("NO_COLOR")
	term, _ := p.lookupEnv("TERM")
	return p.terminal && noColor == "" && term != "dumb"
}

// logger logs to stderr, for people on a terminal and as JSON elsewhere.
func (p *process) logger() *zap.Logger {
	level := zapcore.ErrorLevel // faults are told in words as well
	if p.debug {
		level = zap.DebugLevel
	}
	return p.loggerAt(level)
}

func (p *process) loggerAt(level zapcore.Level) *zap.Logger {
	ec := zap.NewProductionEncoderConfig()
	ec.EncodeTime = zapcore.RFC3339TimeEncoder
	encoder := zapcore.NewJSONEncoder(ec)
	if p.stderrTerminal {
		encoder = zapcore.NewConsoleEncoder(ec)
	}
	return zap.New(zapcore.NewCore(encoder, zapcore.Lock(zapcore.AddSync(p.stderr)), level))
}

// warn prints what is likely to be a mistake.
func (p *process) warn(a *app.App) {
	for _, w := range a.Settings.Warnings {
		fmt.Fprintln(p.stderr, "prowatch: warning:", w)
	}
}

// output is the flag that chooses a form of the answer.
type output struct{ form string }

// add adds the flag; the first form is the default.
func (o *output) add(cmd *cobra.Command, forms ...string) {
	cmd.Flags().StringVarP(&o.form, "output", "o", forms[0], "form of the answer: "+strings.Join(forms, " or "))
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		for _, f := range forms {
			if f == o.form {
				return run(cmd, args)
			}
		}
		return usage(fmt.Errorf("--output %.20q is no form of the answer: use %s", o.form, strings.Join(forms, " or ")))
	}
}

func (o *output) json() bool { return o.form == "json" || o.form == "jsonl" }

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// table prints rows of cells in columns; the first row is the head.
func table(w io.Writer, rows [][]string) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(tw, strings.Join(row, "\t"))
	}
	return tw.Flush()
}

// noArgs takes none, and says so with the exit code of usage.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage(fmt.Errorf("%s takes no argument, and got %.40q", cmd.CommandPath(), args[0]))
	}
	return nil
}

// wantArgs takes between least and most (-1: any number) of what.
func wantArgs(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < least || most >= 0 && len(args) > most {
			return usage(fmt.Errorf("%s needs %s, and got %d arguments; %s --help shows how", cmd.CommandPath(), what, len(args), cmd.CommandPath()))
		}
		return nil
	}
}
