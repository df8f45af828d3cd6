package notify

import (
	"io"
	"net/http"
	"time"
)

// Deps are what a channel has from outside itself. Every field may be left
// zero.
type Deps struct {
	// Name is the channel's name in the configuration.
	Name string

	// Client carries the requests; its proxy and certificate settings are
	// honoured, its redirect policy is not: no redirect is followed.
	Client *http.Client

	// Now is the machine's clock, which signatures go by; it defaults to
	// time.Now. A message's own time is in the message.
	Now func() time.Time

	// Zone is the zone of times that bring none of their own. It defaults to UTC.
	Zone *time.Location

	// Page is the URL of the status page, "" where there is none. A digest that
	// leaves notices out links to it.
	Page string

	// Stdout is where the channel stdout writes.
	Stdout io.Writer

	// Color says that Stdout shows colours.
	Color bool
}

// Clock returns Now, or the machine's clock.
func (d Deps) Clock() func() time.Time {
	if d.Now != nil {
		return d.Now
	}
	return time.Now
}

// Traits are what the assembly must know of a kind of channel.
type Traits struct {
	// Single says that a message must hold exactly one notice, never a digest.
	Single bool

	// Idempotent says that the far side drops a message whose id it has seen,
	// so that one that may have arrived can be sent again at once.
	Idempotent bool

	// SecretKey is the key of the channel's secret beside its url, "" where it
	// has none: what PROWATCH_CHANNEL_SECRET sets.
	SecretKey string
}
