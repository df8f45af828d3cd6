package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"prowatch/emulator"
)

const emulateHelp = `Emulate answers the TCSS API on this machine, until it is interrupted: signatures
are verified strictly, errors and limits are the real ones, and the official
SDKs work against it unchanged. Point prowatch at it with

  PROWATCH_ENDPOINT=http://127.0.0.1:9900

What an account answers, its timeline, the clock and faults are set over
/_emulator/, on this machine only:

  curl -X PUT http://127.0.0.1:9900/_emulator/accounts/AKIDEMULATOR/edition \
       -d '{"BuyStatus":"Isolate"}'`

func (p *process) emulateVerb() *cobra.Command {
	var listen, timeline, token, state string
	var accounts, roles []string
	var rate int
	cmd := verb("emulate", "Answer the TCSS API on this machine", emulateHelp, noArgs,
		func(cmd *cobra.Command, _ []string) error {
			e, err := newEmulator(accounts, roles, rate, token)
			if err != nil {
				return usage(err)
			}
			if err := loadTimeline(e, timeline); err != nil {
				return failed(err)
			}
			if err := loadState(e, state); err != nil {
				return failed(err)
			}
			err = p.serve(cmd.Context(), e, listen, func(url string) {
				fmt.Fprintf(p.stdout, "emulating the TCSS API on %s (page and admin: %[1]s/_emulator/)\n", url)
			})
			if state == "" || err != nil {
				return err
			}
			if err := e.Save(state); err != nil {
				return failed(fmt.Errorf("saving the state: %w", err))
			}
			return nil
		})
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:9900", "`address` to listen on")
	cmd.Flags().StringArrayVar(&accounts, "account", nil, "an account, as `ID:KEY` of its API key (repeatable; default "+emulator.DefaultSecretID+":"+emulator.DefaultSecretKey+")")
	cmd.Flags().IntVar(&rate, "rate", emulator.DefaultRate, "requests a second that an account may make, 0 for no limit")
	cmd.Flags().StringVar(&timeline, "timeline", "", "JSON `file` of editions over time, [{\"at\": …, \"edition\": {…}}], for every account")
	cmd.Flags().StringArrayVar(&roles, "role", nil, "a role that may be assumed to act for an account, as `ARN=ID[,EXTERNAL_ID]` (repeatable)")
	cmd.Flags().StringVar(&token, "admin-token", "", "`token` that the admin API and the page ask for; they then answer beyond this machine, too")
	cmd.Flags().StringVar(&state, "state", "", "`file` that editions, clock and faults are loaded from at the start, if it exists, and saved to at the end; it holds no key")
	return cmd
}

func newEmulator(accounts, roles []string, rate int, token string) (*emulator.Emulator, error) {
	if rate < 0 {
		return nil, fmt.Errorf("--rate %d is negative: use 0 for no limit", rate)
	}
	if rate == 0 {
		rate = -1
	}
	keys := map[string]string{}
	for _, a := range accounts {
		id, key, ok := strings.Cut(a, ":")
		if !ok || id == "" || key == "" {
			return nil, fmt.Errorf("--account must be ID:KEY, such as %s:%s", emulator.DefaultSecretID, emulator.DefaultSecretKey)
		}
		keys[id] = key
	}
	e := emulator.New(&emulator.Options{Accounts: keys, Rate: rate, AdminToken: token})
	for id, key := range keys {
		if err := e.SetAccount(id, key, ""); err != nil {
			return nil, fmt.Errorf("--account: %w", err)
		}
	}
	trusted := map[string]emulator.Role{}
	for _, r := range roles {
		arn, who, ok := strings.Cut(r, "=")
		if !ok {
			return nil, errors.New("--role must be ARN=ID[,EXTERNAL_ID], such as qcs::cam::uin/100000000001:roleName/watch=" + emulator.DefaultSecretID)
		}
		id, external, _ := strings.Cut(who, ",")
		trusted[arn] = emulator.Role{Account: id, ExternalID: external}
	}
	if err := e.SetRoles(trusted); err != nil {
		return nil, fmt.Errorf("--role: %w", err)
	}
	return e, nil
}

// loadState loads a state that was saved, if there is one.
func loadState(e *emulator.Emulator, file string) error {
	if file == "" {
		return nil
	}
	if err := e.Load(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("loading the state: %w", err)
	}
	return nil
}

func loadTimeline(e *emulator.Emulator, file string) error {
	if file == "" {
		return nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("reading the timeline: %w", err)
	}
	var moments []emulator.Moment
	if err := json.Unmarshal(data, &moments); err != nil {
		return fmt.Errorf("timeline %s: %w: it must be a JSON list of {\"at\": RFC 3339, \"edition\": {…}}", file, err)
	}
	for _, id := range e.Accounts() {
		if err := e.SetTimeline(id, moments...); err != nil {
			return fmt.Errorf("timeline %s: %w", file, err)
		}
	}
	return nil
}

// serve answers until ctx ends; it says when it is ready, with its URL.
func (p *process) serve(ctx context.Context, h http.Handler, address string, ready func(url string)) error {
	l, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return failed(fmt.Errorf("%s is in use: end what listens there, or give --listen another port (127.0.0.1:0 takes a free one)", address))
	} else if err != nil {
		return failed(fmt.Errorf("--listen %s: %w", address, err))
	}
	ready("http://" + l.Addr().String())
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { srv.Close() })
	defer stop()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return failed(err)
	}
	return nil
}
