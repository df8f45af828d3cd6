package httpapi

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"prowatch/watch"
)

// How many accounts an answer has. A load balancer takes 1 MB of a function.
const (
	usualAccounts = 500
	mostAccounts  = 1000
)

// accountList is a page of the accounts.
type accountList struct {
	Accounts []watch.AccountStatus `json:"accounts"`
	Next     string                `json:"next,omitempty"`   // the cursor of the next page
	Errors   []string              `json:"errors,omitempty"` // records that could not be read
}

func (c *call) getAccounts(w http.ResponseWriter) error {
	q := c.parameters("limit", "cursor")
	limit, after := q.limit(usualAccounts, mostAccounts), q.one("cursor")
	if q.fault != nil {
		return q.fault
	}
	runner := c.Runner()
	accounts := slices.SortedFunc(slices.Values(runner.Accounts), func(a, b watch.Account) int { return cmp.Compare(a.ID, b.ID) })
	begin, _ := slices.BinarySearchFunc(accounts, after, func(a watch.Account, id string) int {
		if a.ID <= id {
			return -1
		}
		return 1
	})
	accounts = accounts[begin:]
	var list accountList
	if len(accounts) > limit {
		accounts = accounts[:limit]
		list.Next = accounts[limit-1].ID
	}
	err := list.read(c, of(runner, accounts...))
	if err != nil {
		return err
	}
	return c.json(w, list)
}

// read fills in what is remembered of the accounts.
func (l *accountList) read(c *call, runner *watch.Runner) (err error) {
	records, err := runner.Records(c.Context())
	if l.Errors, err = unread(err, len(records)); err != nil {
		return err
	}
	l.Accounts = make([]watch.AccountStatus, len(records))
	for i := range records {
		l.Accounts[i] = watch.StatusOf(&runner.Accounts[i], &records[i], c.now)
	}
	return nil
}

func (c *call) getAccount(w http.ResponseWriter) error {
	if q := c.parameters(); q.fault != nil {
		return q.fault
	}
	status, err := c.account(c.PathValue("id"))
	if err != nil {
		return err
	}
	return c.json(w, status)
}

// account returns what is remembered of the account.
func (c *call) account(id string) (*watch.AccountStatus, error) {
	runner := c.Runner()
	acc, err := findAccount(runner, id)
	if err != nil {
		return nil, err
	}
	var list accountList
	if err := list.read(c, of(runner, acc)); err != nil {
		return nil, err
	}
	return &list.Accounts[0], nil
}

// channelList is the channels.
type channelList struct {
	Channels []watch.ChannelStatus `json:"channels"`
	Errors   []string              `json:"errors,omitempty"`
}

func (c *call) getChannels(w http.ResponseWriter) error {
	if q := c.parameters(); q.fault != nil {
		return q.fault
	}
	runner := c.Runner()
	overview, err := of(runner).Overview(c.Context())
	said, err := unread(err, len(runner.Channels)+1) // and the record of the runs
	if err != nil {
		return err
	}
	return c.json(w, channelList{Channels: overview.Channels, Errors: said})
}

// joined writes what could not be read into one line.
func joined(said []string) string { return strings.Join(said, "; ") }
