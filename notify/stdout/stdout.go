// Package stdout prints the notices, for the eye or for cron to mail.
package stdout

import (
	"context"
	"errors"
	"io"

	"prowatch/notify"
	"prowatch/watch"
)

// Traits are what the assembly must know of the channel.
var Traits = notify.Traits{Single: true}

// Config is a channel of type stdout.
type Config struct {
	notify.Wording `yaml:",inline"`
}

type channel struct {
	out   io.Writer
	color bool
	voice notify.Voice
	turn  chan struct{} // holds one token: who has it may write
}

// New returns the channel, which writes to d.Stdout.
func New(c Config, d notify.Deps) (watch.Notifier, error) {
	if d.Stdout == nil {
		return nil, errors.New("type: stdout has nothing to write to here")
	}
	voice, err := c.Wording.Voice(d)
	if err != nil {
		return nil, err
	}
	ch := &channel{out: d.Stdout, color: d.Color, voice: voice, turn: make(chan struct{}, 1)}
	ch.turn <- struct{}{}
	return ch, nil
}

// Send writes m in one write. A reader that does not read blocks it until ctx
// ends; the message may appear later then.
func (c *channel) Send(ctx context.Context, m watch.Message) watch.Outcome {
	text := render(notify.Compose(m, c.voice), c.color)
	if ctx.Err() != nil {
		return notPrinted("the run ended first")
	}
	select {
	case <-c.turn:
	case <-ctx.Done():
		return notPrinted("the output is blocked")
	}
	done := make(chan watch.Outcome, 1)
	go func() {
		done <- c.write(text)
		c.turn <- struct{}{}
	}()
	select {
	case out := <-done:
		return out
	case <-ctx.Done():
		return notify.Outcome(watch.Unknown, "", "stdout: the output is blocked: it may still be printed")
	}
}

func (c *channel) write(text string) watch.Outcome {
	n, err := io.WriteString(c.out, text)
	switch {
	case err == nil:
		return notify.Outcome(watch.Sent, "", "printed")
	case n == 0:
		return notPrinted("the output is closed: check where it goes")
	}
	return notify.Outcome(watch.Unknown, "", "stdout: the output broke off within the message")
}

func notPrinted(why string) watch.Outcome {
	return notify.Outcome(watch.Retry, "", "stdout: not printed: "+why)
}
