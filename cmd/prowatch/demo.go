package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"prowatch/app"
	"prowatch/emulator"
	"prowatch/notify/sink"
	"prowatch/watch"
)

const demoHelp = `Demo shows the whole life of a licence in under a minute: an emulator of the API,
the watcher with its state in files, and a local chat, on a clock that runs a
day in a moment. It needs no account, sends nothing off this machine, and leaves
nothing behind.`

func (p *process) demoVerb() *cobra.Command {
	var pause time.Duration
	cmd := verb("demo", "Show the life of a licence in under a minute, with no account", demoHelp, noArgs,
		func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := context.WithCancel(cmd.Context())
			defer cancel()
			p.stdout = &audience{p.stdout, cancel}
			if err := p.demo(ctx, pause); err != nil {
				return failed(err)
			}
			return nil
		})
	cmd.Flags().DurationVar(&pause, "pause", 1500*time.Millisecond, "time to read each message")
	return cmd
}

// demoConfig is what a user would write.
const demoConfig = `
accounts: [{id: acme-prod, secret_id: %s, secret_key: %s, endpoint: "%s", labels: {team: sec}}]
channels: {sec-chat: {type: wecom, url: "%s/cgi-bin/webhook/send?key=demo"}}
state: file:%s
`

// A scene is a day on which something happens, told to the reader; to prowatch
// it only happens.
type scene struct {
	day   int // from the first, 2026-01-05
	story string
	do    func(*theatre)
}

var scenes = []scene{
	{0, "The first check. The Pro Edition was never bought.", nil},
	{2, "The licence is bought, for 45 days.", edition(emulator.Edition{"BuyStatus": "Normal", "StartTime": "2026-01-06 09:00:00", "EndTime": "2026-02-20 09:00:00", "CoresCnt": 0, "IsPurchased": true, "ResourceId": "tcss-demo"})},
	{16, "Nobody renews it: the end nears.", nil},
	{37, "The API fails, for five days. The end nears all the same.", fail},
	{42, "The API answers again.", func(t *theatre) { t.api.SetFaults(emulator.DefaultSecretID) }},
	{46, "The licence has ended. On this day the chat answers HTTP 200, and refuses.", func(t *theatre) { t.chat.Fail(sink.Fault{Body: `{"errcode":45009,"errmsg":"api freq out of limit"}`}) }},
	{48, "Tencent isolates it: protection stops.", edition(emulator.Edition{"BuyStatus": "Isolate"})},
	{50, "It is renewed for a year.", edition(emulator.Edition{"BuyStatus": "Normal", "EndTime": "2027-02-20 09:00:00"})},
}

const lastDay = 52

func edition(e emulator.Edition) func(*theatre) {
	return func(t *theatre) { t.api.SetEdition(emulator.DefaultSecretID, e) }
}

func fail(t *theatre) {
	t.api.SetFaults(emulator.DefaultSecretID, emulator.Fault{Code: "InternalError.MainDBFail", Times: emulator.Forever})
}

// audience is the output of the demo, which ends when nobody reads it any more.
type audience struct {
	io.Writer
	leave func()
}

func (a *audience) Write(b []byte) (int, error) {
	n, err := a.Writer.Write(b)
	if err != nil {
		a.leave()
	}
	return n, err
}

// theatre is all that plays in the demo.
type theatre struct {
	*process
	api   *emulator.Emulator
	chat  *sink.Sink
	app   *app.App
	now   time.Time
	read  int // messages looked at
	shown int // messages shown
	quiet int // days since the last
	pause time.Duration
}

func (p *process) demo(ctx context.Context, pause time.Duration) error {
	zone := watch.DefaultPolicy().Zone
	t := &theatre{process: p, pause: pause, now: time.Date(2026, 1, 5, 9, 17, 0, 0, zone)}
	closeAll, err := t.open(ctx)
	defer closeAll()
	if err != nil {
		return err
	}
	t.say(bold, "The life of a licence, a day in a moment. Each day at 09:17 prowatch asks the API,")
	t.say(bold, "compares, and tells the chat. Everything runs on this machine.")
	began := time.Now()
	next := 0
	for day := 0; day <= lastDay && ctx.Err() == nil; day++ {
		if next < len(scenes) && scenes[next].day == day {
			t.announce(ctx, scenes[next])
			next++
		}
		report, err := t.app.Run(ctx, nil)
		if err != nil {
			return err
		}
		t.show(ctx, report)
		t.now = t.now.AddDate(0, 0, 1)
	}
	if ctx.Err() != nil {
		return fmt.Errorf("the demo was interrupted")
	}
	t.ending(time.Since(began))
	return nil
}

// open starts the servers and assembles the watcher; what it returns ends and
// removes all of it, even after an error.
func (t *theatre) open(ctx context.Context) (closeAll func(), err error) {
	var undo []func()
	closeAll = func() {
		for i := len(undo) - 1; i >= 0; i-- {
			undo[i]()
		}
	}
	dir, err := os.MkdirTemp("", "prowatch-demo-")
	if err != nil {
		return closeAll, err
	}
	undo = append(undo, func() { os.RemoveAll(dir) })
	t.api = emulator.New(nil)
	if err := t.api.SetEdition(emulator.DefaultSecretID, emulator.Edition{"BuyStatus": "Pending", "StartTime": nil, "EndTime": nil, "ResourceId": nil, "CoresCnt": 0, "MaxPostPayCoresCnt": 500}); err != nil {
		return closeAll, err
	}
	t.chat = sink.NewWeCom("demo", nil)
	apiURL, stop, err := serveLocal(t.api)
	undo = append(undo, stop)
	if err != nil {
		return closeAll, err
	}
	chatURL, stop, err := serveLocal(t.chat)
	undo = append(undo, stop)
	if err != nil {
		return closeAll, err
	}
	text := fmt.Sprintf(demoConfig, emulator.DefaultSecretID, emulator.DefaultSecretKey, apiURL, chatURL, filepath.ToSlash(dir))
	t.app, err = app.New(ctx, app.Options{
		LookupEnv: func(name string) (string, bool) { return text, name == "PROWATCH_CONFIG" },
		ReadFile:  readFile, Stores: stores, Now: func() time.Time { return t.now },
	})
	return closeAll, err
}

// serveLocal serves on a free port of this machine.
func serveLocal(h http.Handler) (url string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", func() {}, fmt.Errorf("listening on this machine: %w", err)
	}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	go srv.Serve(l)
	return "http://" + l.Addr().String(), func() { srv.Close() }, nil
}

// announce tells the reader what happens today.
func (t *theatre) announce(ctx context.Context, s scene) {
	t.endQuiet()
	t.say("", "")
	t.say(cyan, "%s  %s", t.now.Format("Mon 2 Jan 2006"), s.story)
	if s.do != nil {
		s.do(t)
	}
	t.sleep(ctx, t.pause/3)
}

// show shows what came of a day: the messages in the chat, or that there was
// nothing to say.
func (t *theatre) show(ctx context.Context, r *watch.Report) {
	messages := t.chat.Messages()[t.read:]
	t.read += len(messages)
	lost := undelivered(r)
	if len(messages) == 0 && len(lost) == 0 {
		t.quiet++
		fmt.Fprint(t.stdout, t.paint(dim, "·"))
		return
	}
	t.endQuiet()
	for _, d := range lost {
		t.say(yellow, "  %s  refused: %s %s", t.now.Format("2 Jan"), d.Outcome.Code, d.Outcome.Text)
		t.say(dim, "          kept, and told in the next run")
	}
	for _, m := range messages {
		t.message(m.Text)
	}
	t.sleep(ctx, t.pause)
}

// message shows a chat message as the chat does; but for the first it leaves
// out what is the same in all.
func (t *theatre) message(text string) {
	mark := t.now.Format("2 Jan")
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if strings.TrimSpace(line) == "" || t.shown > 0 && sameInAll.MatchString(line) {
			continue
		}
		fmt.Fprintf(t.stdout, "  %-6s  %s %s\n", t.paint(dim, fmt.Sprintf("%-6s", mark)), t.paint(dim, "│"), t.markdown(line))
		mark = ""
	}
	t.shown++
}

// sameInAll are the lines that every message has.
var sameInAll = regexp.MustCompile(`in the console|Labels:|prowatch · seen|prowatch digest`)

// endQuiet ends a line of quiet days.
func (t *theatre) endQuiet() {
	if t.quiet > 0 {
		t.say(dim, " %s with nothing to say", plural(t.quiet, "day"))
		t.quiet = 0
	}
}

func (t *theatre) ending(took time.Duration) {
	t.endQuiet()
	t.say("", "")
	t.say(bold, "%d days, %s in the chat, each proved delivered; %.0f s.", lastDay+1, plural(t.shown, "message"), took.Seconds())
	t.say("", "Next: watch your own account. prowatch help shows how; prowatch check does it.")
}

func (t *theatre) say(style, format string, args ...any) {
	fmt.Fprintln(t.stdout, t.paint(style, fmt.Sprintf(format, args...)))
}

// sleep lets the reader read.
func (t *theatre) sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
