package httpapi

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"strings"
	"time"

	"go.uber.org/zap"
)

// bearer is a token as it is compared: by its hash, so that neither its length
// nor its content shows in the time that takes.
type bearer struct {
	id      string // its name in cookies
	sum     [sha256.Size]byte
	scope   scope
	expires time.Time
}

func bearers(tokens []Token, k keys) []bearer {
	var all []bearer
	for _, t := range tokens {
		all = append(all, bearer{
			id: sign(k.token, t.Token)[:16], sum: sha256.Sum256([]byte(t.Token)), scope: scopeOf(t.Scope), expires: t.Expires,
		})
	}
	return all
}

func (b *bearer) expired(now time.Time) bool { return !b.expires.IsZero() && !now.Before(b.expires) }

// find returns the bearer whose token it is, nil for none. All are compared.
func (a *api) find(token string) *bearer {
	sum := sha256.Sum256([]byte(token))
	var found *bearer
	for i := range a.tokens {
		if subtle.ConstantTimeCompare(sum[:], a.tokens[i].sum[:]) == 1 {
			found = &a.tokens[i]
		}
	}
	return found
}

// What is said where no token is configured, and to a caller without one.
const (
	closedDetail = "no token is configured, so nothing but /healthz is answered: set http.tokens in the configuration, or PROWATCH_HTTP_TOKEN"
	askDetail    = "this needs a token: send the header Authorization: Bearer, a space and one of http.tokens"
)

// authorize says who the caller is, and that this is enough for the route.
func (c *call) authorize(r *route) error {
	if r.scope == open {
		return nil
	}
	if len(c.tokens) == 0 {
		return faultf(http.StatusForbidden, closedDetail)
	}
	var err error
	switch {
	case len(c.Header.Values("Authorization")) > 0:
		err = c.byBearer()
	case r.way == orLink && c.URL.Query().Has("sig"):
		err = c.byLink()
	case r.way != bearerOnly:
		err = c.bySession(r.way == orForm)
	default:
		err = challenge("", askDetail)
	}
	if err == nil && c.scope >= r.scope && r.scope == operate {
		c.Logger.Info("operation", c.caller(zap.String("method", c.Method), zap.String("token", c.who))...)
	}
	if err == nil && c.scope < r.scope {
		f := faultf(http.StatusForbidden, "this needs a token of scope %s, and this one has the scope %s", r.scope, c.scope)
		f.header = http.Header{"Www-Authenticate": {fmt.Sprintf(`Bearer realm="prowatch", error="insufficient_scope", scope="%s"`, r.scope)}}
		return f
	}
	return err
}

// challenge is the answer 401, RFC 6750 section 3. Without a code the caller has
// said nothing of itself yet.
func challenge(code, detail string) *fault {
	f := faultf(http.StatusUnauthorized, "%s", detail)
	value := `Bearer realm="prowatch"`
	if code != "" {
		value += fmt.Sprintf(`, error=%q, error_description=%q`, code, detail)
	}
	f.header = http.Header{"Www-Authenticate": {value}}
	return f
}

// byBearer looks at the token of the header.
func (c *call) byBearer() error {
	headers := c.Header.Values("Authorization")
	scheme, token, _ := strings.Cut(headers[0], " ")
	if len(headers) > 1 || !strings.EqualFold(scheme, "Bearer") {
		return challenge("invalid_request", "the header Authorization must be one: Bearer, a space and a token")
	}
	b, err := c.try(strings.TrimSpace(token))
	if err != nil {
		return err
	}
	c.scope, c.who = b.scope, b.id
	return nil
}

// try returns the bearer whose token it is. Wrong ones are counted.
func (c *call) try(token string) (*bearer, error) {
	b := c.find(token)
	id := ""
	if b != nil {
		id = b.id
	}
	if wait := c.failures.try(c.peer(), id, c.now); wait > 0 {
		f := faultf(http.StatusTooManyRequests, "too many wrong tokens came: wait %d seconds", wait)
		f.header = http.Header{"Retry-After": {fmt.Sprint(wait)}}
		return nil, f
	}
	if b == nil || b.expired(c.now) {
		c.Logger.Warn("token refused", c.caller(zap.Bool("expired", b != nil))...)
	}
	switch {
	case b == nil:
		return nil, challenge("invalid_token", "this is none of http.tokens")
	case b.expired(c.now):
		return nil, challenge("invalid_token", "this token expired at "+b.expires.UTC().Format(time.RFC3339)+"; set another in http.tokens")
	}
	return b, nil
}

// caller are the fields of the log that say whose request it was.
func (c *call) caller(more ...zap.Field) []zap.Field {
	return append([]zap.Field{zap.String("request_id", c.id), zap.String("path", c.shownPath()), zap.String("from", c.peer())}, more...)
}

// turnAway answers a caller that may not come in. Where people came, it shows
// them where to sign in.
func (c *call) turnAway(w http.ResponseWriter, r *route, err error) error {
	f, ok := err.(*fault)
	if !ok || !r.people || c.Header.Get("Authorization") != "" || !c.wantsPage() {
		return err
	}
	closed := len(c.tokens) == 0
	if f.status != http.StatusUnauthorized && !closed {
		return err
	}
	for name, values := range f.header {
		w.Header()[name] = values
	}
	next := "/"
	if c.Method == http.MethodGet {
		next = c.URL.RequestURI()
	}
	return c.signIn(w, f.status, next, "")
}
