package watch

import (
	"fmt"
	"strings"
	"time"
)

// ChannelRecord is what is remembered of one channel. Its Flight serialises
// what is sent to it: whoever writes its claim into the record may send.
type ChannelRecord struct {
	Format  int    `json:"format"`
	Channel string `json:"channel"`

	PausedUntil  time.Time `json:"paused_until,omitzero"`
	Failures     int       `json:"failures,omitzero"` // messages refused in a row
	FailingSince time.Time `json:"failing_since,omitzero"`
	GoodAt       time.Time `json:"good_at,omitzero"` // the last message proved or accepted
	LastError    Outcome   `json:"last_error,omitzero"`

	Mute *Mute `json:"mute,omitempty"`

	// Outage is set from the first notice that died until the next success.
	Outage *Outage `json:"outage,omitempty"`

	Flight *Flight `json:"flight,omitempty"`
}

// An Outage is a channel's time without success after a notice died, and the
// account that tells of it.
type Outage struct {
	Account string    `json:"account"`
	Since   time.Time `json:"since"`
	Why     Outcome   `json:"why"`
	Told    bool      `json:"told,omitempty"` // that it began
	Over    bool      `json:"over,omitempty"`
}

// A Flight is what a run has claimed to send, or what one that was cut off left.
// Until Until nobody else touches it.
type Flight struct {
	Holder  string    `json:"holder"`
	Until   time.Time `json:"until"`
	Parcels []Parcel  `json:"parcels"`
}

// A Parcel is one message: which notices it carries is fixed until it is known
// what became of it.
type Parcel struct {
	ID      string   `json:"id"`
	Members []Member `json:"members"`
	Tries   int      `json:"tries"`           // runs that claimed it: they sent it, or were about to
	Unsure  int      `json:"unsure,omitzero"` // of them, those whose send had no sure answer
	Said    string   `json:"said,omitempty"`  // what the last of those said

	// Outcome is nil while nobody knows whether it arrived.
	Outcome *Outcome `json:"outcome,omitempty"`
}

// A Member is one notice of a parcel. As text it is "<account>/<notice id>".
type Member struct {
	Account string
	Notice  string
}

// MarshalText writes the member.
func (m Member) MarshalText() ([]byte, error) { return []byte(m.Account + "/" + m.Notice), nil }

// UnmarshalText reads what MarshalText writes.
func (m *Member) UnmarshalText(b []byte) error {
	var ok bool
	if m.Account, m.Notice, ok = strings.Cut(string(b), "/"); !ok {
		return fmt.Errorf("%.90q is no account/notice", b)
	}
	return nil
}

// DecodeChannelRecord reads a channel's record; no data is a new one.
func DecodeChannelRecord(data []byte, name string) (ChannelRecord, error) {
	rec := ChannelRecord{Format: format, Channel: name}
	if data == nil {
		return rec, nil
	}
	return rec, decodeRecord(data, &rec, channelKey(name))
}

func (c *ChannelRecord) encode() ([]byte, error) {
	c.Format = format
	return encodeRecord(c, channelKey(c.Channel))
}

func channelKey(name string) string { return "channel/" + name }

// deliveryProblem names the problem that a failing channel opens.
func deliveryProblem(channel string) string { return "delivery:" + channel }
