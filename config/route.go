package config

import (
	"fmt"
	"path"
	"slices"

	"prowatch/config/strict"
	"prowatch/watch"
)

// noticeTypes are the types that a route or a runbook can name.
var noticeTypes = []watch.Type{
	watch.BaselineRecorded, watch.StatusChanged,
	watch.ExpiryChanged, watch.ExpiryApproaching, watch.ExpiryReached,
	watch.CapacityChanged, watch.ResourceChanged,
	watch.CheckFailing, watch.CheckRecovered, watch.ProblemReminder,
	watch.DeliveryFailed, watch.DeliveryRecovered,
	watch.AccountStale, watch.AccountChecked, watch.AccountRemoved,
	watch.NotifyTest, watch.WatchAlive,
}

// NoticeTypes returns the names of the types of notices.
func NoticeTypes() []string {
	var names []string
	for _, t := range noticeTypes {
		names = append(names, string(t))
	}
	return names
}

// routes reads the routes. Without the key, everything goes to every channel.
func (l *loader) routes(f *strict.Field[[]strict.Field[routeForm]]) {
	if !f.Set() {
		l.out.Routes = watch.Routes{{Channels: l.channelNames()}}
		return
	}
	if f.Node.Kind != strict.List {
		return // noted already
	}
	for i, r := range f.Value {
		at := r.Node.Pos
		if r.Node.Kind != strict.Map {
			continue // noted already
		}
		route := l.route(at, &r.Value)
		l.out.Routes = append(l.out.Routes, route)
		all := matchesAll(route.Match)
		switch last := i == len(f.Value)-1; {
		case last && !all:
			l.Addf(at, "the last route must match everything, so that no notice is lost: add a route without match, as {channels: [%s]}", l.anyChannel())
		case !last && all && !r.Value.Continue:
			l.Addf(at, "this route matches everything, so those below it are never reached: move it to the end, or add continue: true")
		}
	}
	if len(f.Value) == 0 {
		l.Addf(f.Node.Pos, "there is no route: add one without match, as {channels: [%s]}, or leave out routes to tell every channel everything", l.anyChannel())
	}
}

func (l *loader) route(at strict.Pos, f *routeForm) watch.Route {
	m := &f.Match
	r := watch.Route{Continue: f.Continue, Match: watch.Match{Severity: m.Severity, Labels: m.Labels}}
	if !f.Channels.Set() || f.Channels.Node.Kind == strict.List && len(f.Channels.Node.Items) == 0 {
		l.Addf(at, "a route lacks channels to go to: add channels: [%s]", l.anyChannel())
	}
	for _, c := range f.Channels.Value {
		if c.Good() {
			l.knownChannel(c.Node)
			r.Channels = append(r.Channels, c.Value)
		}
	}
	for _, g := range m.Type {
		if l.glob(&g) && !matchesSome(g.Value, NoticeTypes()) {
			l.Addf(g.Node.Pos, "%s matches no type of notice%s", g.Node.Show(), strict.Meant(g.Value, NoticeTypes()))
		}
		r.Match.Type = append(r.Match.Type, g.Value)
	}
	for _, g := range m.Account {
		if l.glob(&g) && l.out.Organization == nil && !matchesSome(g.Value, l.accountIDs()) {
			l.warnf(g.Node.Pos, "%s matches no account of this configuration", g.Node.Show())
		}
		r.Match.Account = append(r.Match.Account, g.Value)
	}
	return r
}

func matchesAll(m watch.Match) bool {
	return len(m.Severity) == 0 && len(m.Type) == 0 && len(m.Account) == 0 && len(m.Labels) == 0
}

// glob checks the form of a glob and reports whether it has it.
func (l *loader) glob(f *text) bool {
	if !f.Good() {
		return false
	}
	if _, err := path.Match(f.Value, ""); err != nil || f.Value == "" {
		l.Addf(f.Node.Pos, "%s is no pattern: write a name in which * stands for any text, and close each bracket", f.Node.Show())
		return false
	}
	return true
}

func matchesSome(glob string, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		ok, _ := path.Match(glob, name)
		return ok
	})
}

func (l *loader) channelNames() []string {
	var names []string
	for _, c := range l.out.Channels {
		names = append(names, c.Name)
	}
	return names
}

// anyChannel names a channel for an example.
func (l *loader) anyChannel() string {
	if len(l.out.Channels) > 0 && identifier.MatchString(l.out.Channels[0].Name) {
		return l.out.Channels[0].Name
	}
	return "out"
}

func (l *loader) accountIDs() []string {
	var ids []string
	for _, a := range l.out.Accounts {
		ids = append(ids, a.ID)
	}
	return ids
}

// warnUnrouted tells of channels that neither a route nor the digest names.
func (l *loader) warnUnrouted() {
	for _, c := range l.out.Channels {
		named := func(r watch.Route) bool { return slices.Contains(r.Channels, c.Name) }
		if c.Name != l.out.Digest.Channel && !slices.ContainsFunc(l.out.Routes, named) {
			l.warnf(c.Pos, "channel %s stands in no route, so it gets no notices", c.Name)
		}
	}
}

func (l *loader) warnf(at strict.Pos, format string, args ...any) {
	l.out.Warnings = append(l.out.Warnings, at.String()+": "+fmt.Sprintf(format, args...))
}
