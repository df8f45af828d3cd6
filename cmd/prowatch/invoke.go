package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"prowatch/app"
	"prowatch/handlers"
)

const invokeHelp = `Invoke hands an event to the very handler that the clouds run, and prints its
answer. The event is a JSON file, or - for standard input; events/samples holds
one of each kind.`

func (p *process) invokeVerb() *cobra.Command {
	cmd := verb("invoke FILE", "Run an event through the handler that the clouds run", invokeHelp, wantArgs(1, 1, "one file with an event, or -"),
		func(cmd *cobra.Command, args []string) error {
			payload, err := p.readEvent(args[0])
			if err != nil {
				return failed(fmt.Errorf("reading the event: %w", err))
			}
			o := p.options(app.Keep)
			o.Stdout = p.stderr // the channel stdout gives way to the answer
			o.Queues = queues
			a, err := app.New(cmd.Context(), o)
			if err != nil {
				return failed(err)
			}
			p.warn(a)
			log := p.logger()
			answer, err := handlers.New(a.Run, &handlers.Options{Logger: log, HTTP: a.HTTP(log, nil), BasePath: a.BasePath(), Fleet: a.Fleet()}).Invoke(cmd.Context(), payload)
			if err != nil {
				return failed(err)
			}
			var b bytes.Buffer
			if json.Indent(&b, answer, "", "  ") != nil {
				b = *bytes.NewBuffer(answer)
			}
			_, err = fmt.Fprintf(p.stdout, "%s\n", &b)
			return err
		})
	cmd.Example = "  prowatch invoke events/samples/scf-timer.json\n  echo '{\"action\":\"check\"}' | prowatch invoke -"
	return cmd
}

func (p *process) readEvent(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(p.stdin)
	}
	return os.ReadFile(name)
}
