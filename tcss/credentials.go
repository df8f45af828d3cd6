package tcss

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"prowatch/watch"
)

// Credentials are an API key, with its token where it is a temporary one. They
// print masked, in every format.
type Credentials struct {
	SecretID  string
	SecretKey string
	Token     string // "" for a permanent key
}

// Static returns a source of credentials that never change.
func Static(c Credentials) func(context.Context) (Credentials, error) {
	return func(context.Context) (Credentials, error) { return c, nil }
}

// Format writes the masked SecretID and nothing else, whatever the verb.
func (c Credentials) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "credentials %s", mask(c.SecretID))
}

// MarshalText writes what [Credentials.Format] writes, for JSON and logs.
func (c Credentials) MarshalText() ([]byte, error) {
	return fmt.Append(nil, c), nil
}

// mask leaves enough of a SecretID to tell it from others.
func mask(id string) string {
	if len(id) < 16 {
		return "…"
	}
	return id[:4] + "…" + id[len(id)-4:]
}

// check says what makes c useless before anybody is asked.
func (c Credentials) check() error {
	if c.SecretID == "" {
		return errors.New("secret_id is empty: set it")
	}
	if c.SecretKey == "" {
		return errors.New("secret_key is empty: set it")
	}
	for _, v := range []struct{ name, text string }{
		{"secret_id", c.SecretID}, {"secret_key", c.SecretKey}, {"token", c.Token},
	} {
		if strings.ContainsFunc(v.text, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsGraphic(r) || r == ' ' }) {
			return fmt.Errorf("%s holds a space, a line break or another character that no key has: copy it anew", v.name)
		}
	}
	return nil
}

// getting begins the messages of failures to get a key.
const getting = "getting the credentials: "

// credentials gets the credentials for one call. Useless ones are denied here:
// the API would say no more.
func (c *Client) credentials(ctx context.Context) (Credentials, *watch.Failure) {
	cred, err := c.provide(ctx)
	var f *watch.Failure
	switch {
	case ctx.Err() != nil:
		return cred, c.stopped(ctx)
	case errors.As(err, &f):
		g := *f
		g.Message = getting + g.Message
		return cred, cred.hide(&g)
	case err != nil:
		return cred, cred.hide(unavailable(getting + publicText(err)))
	}
	if err := cred.check(); err != nil && !c.unsigned {
		return cred, &watch.Failure{Class: watch.Denied, Message: err.Error()}
	}
	return cred, nil
}
