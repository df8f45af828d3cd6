package app

import (
	"net/http"
	"net/url"
	"runtime/debug"

	"go.uber.org/zap"

	"prowatch/handlers/httpapi"
	"prowatch/watch"
)

// HTTP returns the HTTP API and the page over the parts. In a function it stands
// behind package handlers, with BasePath; serve hands requests to it as they
// come.
func (a *App) HTTP(log *zap.Logger) http.Handler {
	h := a.Settings.HTTP
	o := httpapi.Options{
		Runner: func() *watch.Runner { return a.Runner }, Check: a.Run,
		SigningKey: h.SigningKey, PublicURL: h.PublicURL, CORS: h.CORS,
		Version: moduleVersion(), Now: a.Runner.Now, Logger: log,
	}
	for _, t := range h.Tokens {
		o.Tokens = append(o.Tokens, httpapi.Token{Token: t.Token, Scope: t.Scope, Expires: t.Expires})
	}
	return httpapi.New(o)
}

// BasePath is what callers have before the paths of the HTTP API: the path of
// the public URL.
func (a *App) BasePath() string {
	u, err := url.Parse(a.Settings.HTTP.PublicURL)
	if err != nil {
		return ""
	}
	return u.Path
}

// moduleVersion is that of the build, "" where it is none's.
func moduleVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "(devel)" {
		return ""
	}
	return info.Main.Version
}
