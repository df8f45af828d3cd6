// Command prowatch watches the licence of Tencent Container Security Service
// Pro Edition, and tells people in their chat before it lapses and when it
// changes. "prowatch help" teaches it; "prowatch demo" shows it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // policies name zones; not every machine knows them

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// The exit codes. Those of check follow what it found, the worst first.
const (
	exitOK       = 0
	exitWarning  = 1  // check: a warning is open or an account is Pending; elsewhere: it failed
	exitCritical = 2  // check: a critical problem is open
	exitFailed   = 3  // a check or a delivery failed or waits, or a run could not be done
	exitUsage    = 64 // sysexits.h EX_USAGE
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	log.SetOutput(io.Discard)      // net/http quotes what a server sends unasked, which may hold a secret
	signal.Ignore(syscall.SIGPIPE) // a reader that leaves is an error of the write
	p := process{
		args: os.Args[1:], stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		lookupEnv: os.LookupEnv, environ: os.Environ, now: time.Now,
		terminal: term.IsTerminal(int(os.Stdout.Fd())), stderrTerminal: term.IsTerminal(int(os.Stderr.Fd())),
		executable: os.Executable, hangup: hangup,
	}
	code := p.run(ctx)
	stop()
	os.Exit(code)
}

// process is what the command line has of its process; tests make their own.
type process struct {
	args       []string
	stdin      io.Reader
	stdout     io.Writer
	stderr     io.Writer
	lookupEnv  func(string) (string, bool)
	environ    func() []string
	executable func() (string, error)
	now        func() time.Time
	hangup     <-chan os.Signal // ends a verb, but for serve
	terminal   bool             // stdout is one

	stderrTerminal bool

	config string // the flag --config
	debug  bool   // the flag --debug
}

// exitError carries an exit code, and the error to print, if there is one.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprint("exit status ", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// usage marks an error as one of the caller's words.
func usage(err error) error { return &exitError{exitUsage, err} }

// failed marks an error as a run that could not be done.
func failed(err error) error { return &exitError{exitFailed, err} }

// run runs the command and returns the exit code.
func (p *process) run(ctx context.Context) int {
	root := p.root()
	root.SetArgs(p.args)
	err := root.ExecuteContext(ctx)
	var e *exitError
	switch {
	case err == nil:
		return exitOK
	case !errors.As(err, &e):
		e = &exitError{exitUsage, err} // cobra's own: an unknown verb or flag
	}
	if e.err != nil {
		fmt.Fprintln(p.stderr, "prowatch:", e.err)
	}
	return e.code
}

// untilHangup returns a context that ends with the terminal, too.
func (p *process) untilHangup(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		select {
		case <-p.hangup:
		case <-ctx.Done():
		}
	}()
	return ctx
}

// verb makes a command. It has the long text that "prowatch help <verb>" shows.
func verb(use, short, long string, args cobra.PositionalArgs, run func(cmd *cobra.Command, args []string) error) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Long: long, Args: args, RunE: run,
		DisableFlagsInUseLine: true,
	}
}

const rootHelp = `prowatch watches the licence of Tencent Container Security Service (TCSS) Pro
Edition. It asks the API on your schedule, compares the answer with what it
remembers, and tells your chat when the licence changes or nears its end: once,
in time, and with a receipt.

See it live, with no account:      prowatch demo
Watch one account, by environment: PROWATCH_SECRET_ID=… PROWATCH_SECRET_KEY=… \
                                   PROWATCH_CHANNEL_TYPE=stdout prowatch check
Watch many:                        write prowatch.yaml, then prowatch check`

func (p *process) root() *cobra.Command {
	root := &cobra.Command{
		Use: "prowatch", Short: "Watch the licence of TCSS Pro Edition", Long: rootHelp,
		SilenceErrors: true, SilenceUsage: true,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return usage(fmt.Errorf("no verb %.40q%s; prowatch help lists them", args[0], suggestion(cmd, args[0])))
		},
	}
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	root.SetIn(p.stdin)
	root.PersistentPreRun = func(cmd *cobra.Command, _ []string) {
		if cmd.Name() != serveName {
			cmd.SetContext(p.untilHangup(cmd.Context()))
		}
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage(fmt.Errorf("%w; %s --help shows the flags", err, cmd.CommandPath()))
	})
	root.CompletionOptions.HiddenDefaultCmd = true
	root.PersistentFlags().StringVar(&p.config, "config", "", "configuration `file` (default: $PROWATCH_CONFIG, prowatch.yaml here or beside the binary, else the environment)")
	root.PersistentFlags().BoolVar(&p.debug, "debug", false, "log more, on stderr")
	root.AddCommand(p.verbs()...)
	root.SetHelpCommand(helpVerb(root))
	return root
}

// helpVerb is cobra's own, but for a verb that there is none of.
func helpVerb(root *cobra.Command) *cobra.Command {
	return &cobra.Command{Use: "help [VERB]", Short: "Teach a verb", RunE: func(_ *cobra.Command, args []string) error {
		cmd, rest, err := root.Find(args)
		if err != nil || len(rest) > 0 {
			return usage(fmt.Errorf("no verb %.40q%s; prowatch help lists them", args[len(args)-1], suggestion(root, args[0])))
		}
		return cmd.Help()
	}}
}

func suggestion(cmd *cobra.Command, name string) string {
	cmd.SuggestionsMinimumDistance = 3
	for _, s := range cmd.SuggestionsFor(name) {
		return fmt.Sprintf("; did you mean %s?", s)
	}
	return ""
}
