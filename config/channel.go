package config

import (
	"maps"
	"slices"
	"strings"

	"prowatch/config/strict"
)

// typeKey is the key that says which kind a channel is.
const typeKey = "type"

func (l *loader) channels(root, n *strict.Node) {
	switch {
	case n == nil && l.opts.AllowNoChannels:
	case n == nil || n.Kind == strict.Null || n.Kind == strict.Map && len(n.Pairs) == 0:
		at := root.Pos
		if n != nil {
			at = n.Pos
		}
		l.Addf(at, "there is no channel, so nobody would be told: add channels: {out: {type: stdout}} or one of your chat's")
	case n.Kind != strict.Map:
		l.Addf(n.Pos, "expected channels by name, found %s: write channels: {out: {type: stdout}}", n.Kind)
	default:
		for _, p := range n.Pairs {
			l.channel(p)
		}
	}
}

func (l *loader) channel(p strict.Pair) {
	c := Channel{Name: p.Key, Pos: p.Pos}
	if !identifier.MatchString(p.Key) {
		l.Addf(p.Pos, "this is no name for a channel: %s", identifierMend)
	}
	l.out.Channels = append(l.out.Channels, c)
	if p.Value.Kind != strict.Map {
		l.Addf(p.Pos, "channel %s is %s: give it at least a type, as {type: stdout}", p.Key, p.Value.Kind)
		return
	}
	typ := p.Value.Get(typeKey)
	if typ != nil && typ.Broken {
		return
	}
	if typ == nil || typ.Kind == strict.Null || typ.Kind == strict.Text && typ.Text == "" {
		at := p.Pos
		if typ != nil {
			at = typ.Pos
		}
		l.Addf(at, "channel %s has no type, so it tells nobody: set the type to one of %s", p.Key, strings.Join(l.channelTypes(), ", "))
		return
	}
	kind, ok := l.opts.ChannelTypes[typ.Text]
	if !ok || !typ.Scalar() {
		l.Addf(typ.Pos, "%s is no type of channel%s", typ.Show(), strict.Meant(typ.Text, l.channelTypes()))
		return
	}
	c.Type = typ.Text
	c.Config = l.channelConfig(c, p.Value, kind)
	l.out.Channels[len(l.out.Channels)-1] = c
}

// channelConfig reads a channel's own settings, which are all keys but type.
func (l *loader) channelConfig(c Channel, n *strict.Node, kind ChannelType) any {
	own := *n
	own.Pairs = slices.DeleteFunc(slices.Clone(n.Pairs), func(p strict.Pair) bool { return p.Key == typeKey })
	v := kind.New()
	l.Decode(&own, v, "a "+c.Type+" channel")
	for _, key := range kind.Required {
		switch value := own.Get(key); {
		case value == nil || value.Kind == strict.Null:
			l.Addf(c.Pos, "channel %s is of type %s, which needs the key %s: add it", c.Name, c.Type, key)
		case !value.Broken && value.Scalar() && strings.TrimSpace(value.Text) == "":
			l.Addf(value.Pos, "%s is empty: set it, or check what its reference stands for", key)
		}
	}
	return v
}

func (l *loader) channelTypes() []string { return slices.Sorted(maps.Keys(l.opts.ChannelTypes)) }

// knownChannel notes a channel's name that stands for none.
func (l *loader) knownChannel(n *strict.Node) {
	if len(l.out.Channels) == 0 || !n.Scalar() {
		return // the lack of them is noted already
	}
	var names []string
	for _, c := range l.out.Channels {
		names = append(names, c.Name)
	}
	if !slices.Contains(names, n.Text) {
		l.Addf(n.Pos, "%s is no channel%s", n.Show(), strict.Meant(n.Text, names))
	}
}
