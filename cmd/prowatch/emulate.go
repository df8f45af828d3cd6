package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"slices"
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
			absent, err := loadStart(e, state, timeline)
			if err != nil {
				return failed(err)
			}
			for _, id := range slices.Sorted(maps.Keys(absent.Accounts)) {
				fmt.Fprintf(p.stderr, "the state names the account %s, whose key it does not hold: give --account %[1]s:KEY to have it; until then it is only kept in the file\n", id)
			}
			err = p.serve(cmd.Context(), e, listen, func(url string) {
				fmt.Fprintf(p.stdout, "emulating the TCSS API on %s (page and admin: %[1]s/_emulator/)\n", url)
			})
			if state == "" || err != nil {
				return err
			}
			if err := e.State().With(absent).Write(state); err != nil {
				return failed(err)
			}
			return nil
		})
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:9900", "`address` to listen on")
	cmd.Flags().StringArrayVar(&accounts, "account", nil, "an account, as `ID:KEY` of its API key (repeatable; default "+emulator.DefaultSecretID+":"+emulator.DefaultSecretKey+")")
	cmd.Flags().IntVar(&rate, "rate", emulator.DefaultRate, "requests a second that an account may make, 0 for no limit")
	cmd.Flags().StringVar(&timeline, "timeline", "", "JSON `file` of editions over time, [{\"at\": …, \"edition\": {…}}], for every account, in the place of the state's")
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
	keys, err := readAccounts(accounts)
	if err != nil {
		return nil, err
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

// readAccounts takes ID:KEY apart.
func readAccounts(flags []string) (map[string]string, error) {
	keys := map[string]string{}
	for _, a := range flags {
		id, key, ok := strings.Cut(a, ":")
		if !ok || id == "" || key == "" {
			return nil, fmt.Errorf("--account must be ID:KEY, such as %s:%s", emulator.DefaultSecretID, emulator.DefaultSecretKey)
		}
		if _, twice := keys[id]; twice {
			return nil, fmt.Errorf("--account names %s twice", id)
		}
		keys[id] = key
	}
	return keys, nil
}

// loadStart gives e what the state, if there is one, and the timeline say; a
// reset returns to it. Roles and the timeline of flags win over the state's. It
// returns what of the state is of accounts that are not here.
func loadStart(e *emulator.Emulator, state, timeline string) (emulator.State, error) {
	absent, err := loadState(e, state, timeline != "")
	if err != nil || timeline == "" {
		e.KeepAsStart()
		return absent, err
	}
	moments, err := emulator.ReadTimeline(timeline)
	if err != nil {
		return absent, err
	}
	for _, id := range e.Accounts() {
		if err := e.SetTimeline(id, moments...); err != nil {
			return absent, fmt.Errorf("timeline %s: %w", timeline, err)
		}
	}
	e.KeepAsStart()
	return absent, nil
}

// loadState restores what a file has of the accounts that are here, without its
// timelines if others take their place, and returns the rest.
func loadState(e *emulator.Emulator, file string, otherTimeline bool) (emulator.State, error) {
	if file == "" {
		return emulator.State{}, nil
	}
	s, err := emulator.ReadState(file)
	if errors.Is(err, fs.ErrNotExist) {
		return emulator.State{}, nil
	} else if err != nil {
		return emulator.State{}, err
	}
	mine, absent := s.Split(e.Accounts())
	for id, a := range mine.Accounts {
		if otherTimeline {
			a.Timeline = nil
			mine.Accounts[id] = a
		}
	}
	maps.Copy(mine.Roles, e.Roles())
	if err := e.Restore(mine); err != nil {
		return absent, fmt.Errorf("loading the state %s: %w", file, err)
	}
	return absent, nil
}

// serve answers until ctx ends; it says when it is ready, with its URL.
func (p *process) serve(ctx context.Context, h http.Handler, address string, ready func(url string)) error {
	l, err := listen(address)
	if err != nil {
		return failed(err)
	}
	ready("http://" + reachable(l.Addr()))
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, DisableGeneralOptionsHandler: true}
	stop := context.AfterFunc(ctx, func() { srv.Close() })
	defer stop()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return failed(err)
	}
	return nil
}

// listen listens on the address that --listen gives.
func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use: end what listens there, or give --listen another port (127.0.0.1:0 takes a free one)", address)
	} else if err != nil {
		return nil, fmt.Errorf("--listen %s: %w", address, err)
	}
	return l, nil
}

// reachable is where this machine reaches a listener: one that listens on every
// address is reached on loopback.
func reachable(a net.Addr) string {
	at, err := netip.ParseAddrPort(a.String())
	if err == nil && at.Addr().IsUnspecified() {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), at.Port()).String()
	}
	return a.String()
}
