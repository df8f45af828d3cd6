package httpapi

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"prowatch/watch"
)

const (
	usualNotices = 100
	mostNotices  = 1000
)

// noticeList is a page of the notices, the newest first.
type noticeList struct {
	Notices []watch.Entry `json:"notices"`
	Next    string        `json:"next,omitempty"`
	Errors  []string      `json:"errors,omitempty"`
}

func (c *call) getNotices(w http.ResponseWriter) error {
	q := c.parameters("account", "since", "limit", "cursor")
	limit, since, after := q.limit(usualNotices, mostNotices), q.since(), q.position()
	if q.fault != nil {
		return q.fault
	}
	records, said, err := c.recordsOf(q.Values["account"])
	if err != nil {
		return err
	}
	list := noticeList{Errors: said}
	entries := newestFirst(records)
	entries = slices.DeleteFunc(entries, func(e watch.Entry) bool {
		return e.Notice.At.Before(since) || after != nil && positionOf(&e).compare(*after) <= 0
	})
	if len(entries) > limit {
		entries = entries[:limit]
		list.Next = positionOf(&entries[limit-1]).String()
	}
	list.Notices = entries
	return c.json(w, list)
}

// recordsOf returns the records of the accounts named, or of all where none is,
// and what is said of those that cannot be read. One of all is prowatch itself,
// [watch.WatchAccount].
func (c *call) recordsOf(ids []string) (records []watch.Record, said []string, err error) {
	isOwn := func(id string) bool { return id == watch.WatchAccount }
	others := slices.DeleteFunc(slices.Clone(ids), isOwn)
	runner, err := c.runnerOf(others)
	if err != nil {
		return nil, nil, err
	}
	if len(ids) > 0 && len(others) == 0 {
		runner = of(runner)
	}
	records, err = runner.Records(c.Context())
	if len(ids) == 0 || len(others) < len(ids) {
		own, fault := runner.WatchRecord(c.Context())
		records, err = append(records, own), errors.Join(err, fault)
	}
	said, err = unread(err, len(records))
	return records, said, err
}

// runnerOf returns a runner of the accounts named, or of all where none is.
func (c *call) runnerOf(ids []string) (*watch.Runner, error) {
	runner := c.Runner()
	if len(ids) == 0 {
		return runner, nil
	}
	var accounts []watch.Account
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		acc, err := findAccount(runner, id)
		if err != nil {
			return nil, err
		}
		accounts = append(accounts, acc)
	}
	return of(runner, accounts...), nil
}

// newestFirst returns the notices of the records.
func newestFirst(records []watch.Record) []watch.Entry {
	entries := []watch.Entry{}
	for _, rec := range records {
		entries = append(entries, rec.Ledger...)
	}
	slices.SortFunc(entries, func(a, b watch.Entry) int { return positionOf(&a).compare(positionOf(&b)) })
	return entries
}

// position is where a notice stands among all, the newest first.
type position struct {
	at      int64 // nanoseconds since 1970
	account string
	seq     uint64
}

func positionOf(e *watch.Entry) position {
	return position{e.Notice.At.UnixNano(), e.Notice.Account, e.Notice.Seq}
}

func (p position) compare(o position) int {
	return cmp.Or(cmp.Compare(o.at, p.at), cmp.Compare(p.account, o.account), cmp.Compare(o.seq, p.seq))
}

// String writes the position as a cursor.
func (p position) String() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %d %s", p.at, p.seq, p.account))
}

// position reads the cursor, nil for none.
func (q *parameters) position() *position {
	text := q.one("cursor")
	if !q.Has("cursor") {
		return nil
	}
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	at, rest, _ := strings.Cut(string(decoded), " ")
	seq, account, ok := strings.Cut(rest, " ")
	var p position
	var err2, err3 error
	p.at, err2 = strconv.ParseInt(at, 10, 64)
	p.seq, err3 = strconv.ParseUint(seq, 10, 64)
	p.account = account
	if err != nil || err2 != nil || err3 != nil || !ok {
		q.refuse("cursor must be the next of an earlier answer")
	}
	return &p
}

// since reads a time. A plus that nobody encoded has become a space.
func (q *parameters) since() time.Time {
	text := strings.ReplaceAll(q.one("since"), " ", "+")
	if !q.Has("since") {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		q.refuse("since must be a time such as 2026-01-31T08:00:00+08:00")
	}
	return t
}
