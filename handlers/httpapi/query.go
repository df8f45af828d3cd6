package httpapi

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"prowatch/watch"
)

// parameters are a query's, read strictly: one that is misspelt would ask for
// something else without a word. The first fault is kept.
type parameters struct {
	url.Values
	fault error
}

// parameters reads the query, which may hold the names.
func (c *call) parameters(names ...string) *parameters {
	q, err := url.ParseQuery(c.URL.RawQuery)
	p := &parameters{Values: q}
	if err != nil {
		p.refuse("the query cannot be read: encode what is no letter, digit or one of -._~ as %%XX")
	}
	for _, name := range slices.Sorted(maps.Keys(q)) {
		if !slices.Contains(names, name) {
			takes := "takes none"
			if len(names) > 0 {
				takes = "takes " + strings.Join(names, ", ")
			}
			p.refuse("%.40q is no parameter of this path, which %s", name, takes)
		}
	}
	return p
}

func (q *parameters) refuse(format string, args ...any) {
	if q.fault == nil {
		q.fault = faultf(http.StatusBadRequest, format, args...)
	}
}

// one returns the only value of a name, "" for none.
func (q *parameters) one(name string) string {
	if len(q.Values[name]) > 1 {
		q.refuse("%s must be given once", name)
	}
	return q.Get(name)
}

// limit returns how many are wanted, between 1 and most.
func (q *parameters) limit(usual, most int) int {
	text := q.one("limit")
	if !q.Has("limit") {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		q.refuse("limit must be a number from 1 to %d", most)
	}
	return n
}

// findAccount returns the configured account of the id.
func findAccount(r *watch.Runner, id string) (watch.Account, error) {
	for _, a := range r.Accounts {
		if a.ID == id {
			return a, nil
		}
	}
	return watch.Account{}, faultf(http.StatusNotFound, "no account %.64q is configured", id)
}

func findChannel(r *watch.Runner, name string) error {
	if !slices.Contains(r.ChannelNames(), name) {
		return faultf(http.StatusNotFound, "no channel %.64q is configured", name)
	}
	return nil
}

// of returns a runner of these accounts alone, for looking into its memory.
func of(r *watch.Runner, accounts ...watch.Account) *watch.Runner {
	return &watch.Runner{Accounts: accounts, Channels: r.Channels, Store: r.Store, Now: r.Now, Concurrency: r.Concurrency}
}

// maxFaults bounds how many unreadable records an answer names.
const maxFaults = 10

// unread returns what is said of records that could not be read, of so many. To
// have read none is an error.
func unread(err error, of int) ([]string, error) {
	faults := faultsIn(err)
	if len(faults) >= of && err != nil {
		return nil, err
	}
	var said []string
	for _, f := range faults[:min(len(faults), maxFaults)] {
		said = append(said, f.Error())
	}
	if more := len(faults) - len(said); more > 0 {
		said = append(said, "and "+strconv.Itoa(more)+" more")
	}
	return said, nil
}
