package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"prowatch/config"
	"prowatch/notify"
	"prowatch/notify/dingtalk"
	"prowatch/notify/discord"
	"prowatch/notify/email"
	"prowatch/notify/feishu"
	"prowatch/notify/pagerduty"
	"prowatch/notify/slack"
	"prowatch/notify/stdout"
	"prowatch/notify/teams"
	"prowatch/notify/telegram"
	"prowatch/notify/webhook"
	"prowatch/notify/wecom"
	"prowatch/store/file"
	"prowatch/watch"
)

// channels are the kinds of channels by the type that a configuration names.
var channels = map[string]channel{
	"dingtalk":  row(dingtalk.New, dingtalk.Traits, "url"),
	"discord":   row(discord.New, discord.Traits, "url"),
	"email":     row(email.New, email.Traits, "smtp", "from", "to"),
	"feishu":    row(feishu.New, feishu.Traits, "url"),
	"pagerduty": row(pagerduty.New, pagerduty.Traits, "routing_key"),
	"slack":     row(slack.New, slack.Traits, "url"),
	"stdout":    row(stdout.New, stdout.Traits),
	"teams":     row(teams.New, teams.Traits, "url"),
	"telegram":  row(telegram.New, telegram.Traits, "token", "chat_id"),
	"webhook":   row(webhook.New, webhook.Traits, "url"),
	"wecom":     row(wecom.New, wecom.Traits, "url"),
}

// channel is a row of the table.
type channel struct {
	notify.Traits
	required []string
	config   func() any
	open     func(config any, d notify.Deps) (watch.Notifier, error)
}

// row makes a row from a channel's New, whose settings C say what may stand in
// the configuration, and the keys of them that must.
func row[C any](open func(C, notify.Deps) (watch.Notifier, error), traits notify.Traits, required ...string) channel {
	return channel{
		Traits:   traits,
		required: required,
		config:   func() any { return new(C) },
		open:     func(config any, d notify.Deps) (watch.Notifier, error) { return open(*config.(*C), d) },
	}
}

// channelTypes is the table as the configuration's reader needs it.
func channelTypes() map[string]config.ChannelType {
	types := map[string]config.ChannelType{}
	for name, c := range channels {
		types[name] = config.ChannelType{New: c.config, Required: c.required, SecretKey: c.SecretKey}
	}
	return types
}

// Stores are the kinds of stores that a main links, by the scheme of the state
// they open: what stands before the first colon.
type Stores map[string]func(ctx context.Context, state string, use Use) (watch.Store, error)

// Use says what the state is opened for.
type Use int

// The uses of the state.
const (
	Keep Use = iota // to read and write
	Look            // to read only: nothing is made
	None            // not at all
)

// File is the row of the file store: "file:DIR".
func File(_ context.Context, state string, use Use) (watch.Store, error) {
	dir := strings.TrimPrefix(strings.TrimPrefix(state, "file:"), "//")
	if dir == "" {
		return nil, errors.New("state file: names no folder: write file:./state")
	}
	if dir, params, ok := strings.Cut(dir, "?"); ok {
		name, _, _ := strings.Cut(params, "=")
		return nil, fmt.Errorf("state file: unknown parameter %.40q: a folder has none; write file:%.200s", name, dir)
	}
	if strings.HasPrefix(dir, "~") {
		return nil, errors.New("state file: begins with ~, which only a shell expands: write the folder whole")
	}
	return file.Open(dir, &file.Options{ReadOnly: use == Look})
}

// open opens the state.
func (s Stores) open(ctx context.Context, state string, use Use) (watch.Store, error) {
	schemes := slices.Sorted(maps.Keys(s))
	scheme, _, ok := strings.Cut(state, ":")
	open := s[scheme]
	switch {
	case state != "" && !ok:
		return nil, errors.New("state names no kind of store: for a folder write file: before it, as in file:./state")
	case state == "":
		return nil, fmt.Errorf("no state is set: prowatch must remember what it told; set state (or PROWATCH_STATE) to one of %s", strings.Join(schemes, ":…, ")+":…")
	case open == nil:
		return nil, fmt.Errorf("state %.20q is of no kind that is known here: use one of %s", scheme+":", strings.Join(schemes, ":…, ")+":…")
	}
	return open(ctx, state, use)
}
