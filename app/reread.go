package app

import (
	"context"
	"sync"
	"time"

	"prowatch/config"
	"prowatch/tcss"
)

// rereadEvery is the least time between two readings of the settings for a key
// that was refused.
const rereadEvery = time.Minute

// A rereader reads the settings again: what a reference in them stands for, such
// as a mounted file or a secret of a secrets manager, may have changed since.
type rereader struct {
	options Options

	mu   sync.Mutex
	last *config.Settings // nil where they could not be read
	at   time.Time
}

// key returns the key that the account of that id has now, or the organisation
// where that is "". It reports false where that cannot be said.
func (r *rereader) key(ctx context.Context, id string) (tcss.Credentials, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.at) >= rereadEvery {
		r.last, _ = Settings(ctx, r.options) // the refusal is told anyway
		r.at = time.Now()
	}
	if r.last == nil {
		return tcss.Credentials{}, false
	}
	for _, acc := range r.last.Accounts {
		if acc.ID == id {
			return keyOf(acc.Key), true
		}
	}
	if o := r.last.Organization; o != nil {
		return keyOf(o.Key), true
	}
	return tcss.Credentials{}, false
}

func keyOf(k config.Key) tcss.Credentials {
	return tcss.Credentials{SecretID: k.SecretID, SecretKey: k.SecretKey, Token: k.Token}
}

// ownKey is a key that stands in the settings. Where the API does not take it,
// the settings are looked into for another.
type ownKey struct {
	id     string // whose it is; "" is the organisation's
	reread *rereader

	mu  sync.Mutex
	key tcss.Credentials
}

func (o *ownKey) provide(context.Context) (tcss.Credentials, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.key, nil
}

func (o *ownKey) renew(ctx context.Context, refused string) bool {
	latest, ok := o.reread.key(ctx, o.id)
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.key.SecretID != refused {
		return true // another call has found it
	}
	if !ok || latest == o.key || latest.SecretID == "" {
		return false
	}
	o.key = latest
	return true
}
