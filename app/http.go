package app

import (
	"context"
	"net/http"
	"net/url"

	"go.uber.org/zap"

	"prowatch/handlers/httpapi"
	"prowatch/watch"
)

// HTTP returns the HTTP API and the page over the parts. In a function it stands
// behind package handlers, with BasePath; serve hands requests to it as they
// come. shown answers /metrics; nil is [App.Metrics] itself.
func (a *App) HTTP(log *zap.Logger, shown http.Handler) http.Handler {
	if shown == nil {
		shown = a.Metrics
	}
	h := a.Settings.HTTP
	o := httpapi.Options{
		Runner: a.Current, Check: a.asked, Metrics: shown,
		SigningKey: h.SigningKey, PublicURL: h.PublicURL, CORS: h.CORS,
		Version: a.around.version, Now: a.Runner.Now, Logger: log,
	}
	for _, t := range h.Tokens {
		o.Tokens = append(o.Tokens, httpapi.Token{Token: t.Token, Scope: t.Scope, Expires: t.Expires})
	}
	return httpapi.New(o)
}

// asked does a run that a request asked for: over all accounts as a schedule's,
// which where there is a queue hands them out.
func (a *App) asked(ctx context.Context, accounts []string) (*watch.Report, error) {
	if dispatch := a.Fleet().Dispatch; dispatch != nil && len(accounts) == 0 {
		return dispatch(ctx)
	}
	return a.Run(ctx, accounts)
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
