package httpapi

import (
	"crypto/rand"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"go.uber.org/zap"

	"prowatch/handlers"
	"prowatch/watch"
)

// Options are what the API has from its process. Runner and Check are needed,
// the others may be left zero.
type Options struct {
	// Runner returns the one whose memory is shown. It is asked once for each
	// request, so that another may take its place.
	Runner func() *watch.Runner

	// Check does a run and tells what it found.
	Check handlers.Run

	// Metrics answers GET /metrics; nil where there are none.
	Metrics http.Handler

	// Tokens are the bearers. Without one all but /healthz is refused.
	Tokens []Token

	// SigningKey signs cookies and links. Where it is "" the tokens stand for
	// it, so that links end when any of them changes.
	SigningKey string

	// PublicURL is what people reach the API at, "" where that is not known.
	PublicURL string

	// CORS are the origins whose pages may ask the API.
	CORS []string

	// Version is prowatch's own, for the page.
	Version string

	// Now returns the present time. It defaults to time.Now.
	Now func() time.Time

	// Random is where nonces are read from. It defaults to rand.Reader.
	Random io.Reader

	// Logger receives a record of each run, and of what the caller is not told.
	// It defaults to none.
	Logger *zap.Logger
}

// A Token is a bearer.
type Token struct {
	Token   string
	Scope   string    // "read" or "operate"
	Expires time.Time // zero for never
}

// maxBody bounds the body of a request, in bytes.
const maxBody = 64 << 10

// api is the handler.
type api struct {
	Options
	base     string // the path of PublicURL, "" or "/prowatch"
	public   string // PublicURL without its path, "" where it is not known
	tokens   []bearer
	keys     keys
	failures *failures
	origins  *http.CrossOriginProtection
	health   health
	checking chan struct{} // holds a token while a check is under way
}

// New returns the API.
func New(o Options) http.Handler {
	a := &api{Options: o, failures: newFailures(), origins: http.NewCrossOriginProtection(), checking: make(chan struct{}, 1)}
	if a.Now == nil {
		a.Now = time.Now
	}
	if a.Random == nil {
		a.Random = rand.Reader
	}
	if a.Logger == nil {
		a.Logger = zap.NewNop()
	}
	if u, err := url.Parse(o.PublicURL); err == nil && u.Host != "" {
		a.base, a.public = strings.TrimSuffix(u.Path, "/"), u.Scheme+"://"+u.Host
		_ = a.origins.AddTrustedOrigin(a.public) // of a scheme and a host it is one
	}
	a.keys = newKeys(o.SigningKey, o.Tokens)
	a.tokens = bearers(o.Tokens, a.keys)
	a.health.since = a.Now()
	return a
}

// call is a request on its way through the API.
type call struct {
	*http.Request
	*api
	id     string    // of the request
	base   string    // what the caller has before the path
	now    time.Time // when the request came
	scope  scope     // what the caller may do
	cookie string    // the session that says so, "" for none
	who    string    // the token's name in the log
}

// ServeHTTP answers a request.
func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{Request: r.Clone(r.Context()), api: a, id: a.requestID(r), now: a.Now()}
	c.cutBase()
	c.Body = http.MaxBytesReader(w, r.Body, maxBody)
	a.secure(w.Header())
	w.Header().Set("X-Request-Id", c.id)
	defer c.recovered(w)
	if err := c.route(w); err != nil {
		c.fail(w, err)
	}
}

// requestID returns the platform's id of an invocation, else one of its own.
func (a *api) requestID(r *http.Request) string {
	if id := handlers.RequestID(r.Context()); id != "" {
		return id
	}
	return a.nonce(12)
}

// cutBase takes off the path what stands before the API's own. In an event that
// is done, but not every event tells what it was; a proxy may have done so, or
// not.
func (c *call) cutBase() {
	base, inEvent := handlers.Prefix(c.Context())
	_, host, _ := strings.Cut(c.public, "://")
	if inEvent && (base != "" || !strings.EqualFold(c.Host, host)) {
		c.base = base
		return
	}
	c.base = c.api.base
	if rest, ok := strings.CutPrefix(c.URL.Path, c.base); ok && c.base != "" && (rest == "" || rest[0] == '/') {
		c.URL.Path, c.URL.RawPath = "/"+strings.TrimPrefix(rest, "/"), ""
	}
}

// recovered makes an answer of a panic. Its value may hold a secret, so that
// the log has its type alone.
func (c *call) recovered(w http.ResponseWriter) {
	v := recover()
	if v == nil {
		return
	}
	c.Logger.Error("request panicked", zap.String("request_id", c.id), zap.String("path", c.shownPath()), zap.String("panic", typeName(v)), zap.Stack("stack"))
	c.fail(w, faultf(http.StatusInternalServerError, "the log has more, under this request id"))
}
