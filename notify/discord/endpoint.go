package discord

import (
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// version is the version of the API that this package speaks. A URL as Discord
// hands it out names none and means version 6, whose errors have another form
// and whose Retry-After counts milliseconds
// (github.com/discord/discord-api-docs/issues/2360).
const version = "v10"

// hosts are Discord's own. Others may be proxies with paths of their own.
var hosts = []string{"discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com"}

var webhookPath = regexp.MustCompile(`^/api(?:/v\d+)?/(webhooks/\d+/[^/]+)$`)

// endpoint returns where to post to for the URL that Discord handed out.
func endpoint(handed *url.URL) (*url.URL, error) {
	u := *handed
	path := strings.TrimSuffix(u.Path, "/")
	parts := webhookPath.FindStringSubmatch(path)
	switch {
	case strings.HasSuffix(path, "/slack"), strings.HasSuffix(path, "/github"):
		return nil, errors.New("url: is for messages of another service: leave out /slack or /github at its end")
	case parts != nil:
		u.Path, u.RawPath = "/api/"+version+"/"+parts[1], ""
	case slices.Contains(hosts, u.Hostname()):
		return nil, errors.New("url: is not that of a webhook: copy it whole from the channel's settings, https://discord.com/api/webhooks/ID/TOKEN")
	}
	q := u.Query()
	q.Set("wait", "true")
	u.RawQuery = q.Encode()
	return &u, nil
}
