package teams

import (
	"errors"
	"net/url"
	"strings"
)

// checkURL tells the mistakes that are made with a flow's URL. Other hosts are
// taken as they are: Microsoft has moved them before.
func checkURL(u *url.URL) error {
	host := strings.ToLower(u.Hostname())
	switch {
	case under(host, "webhook.office.com"), host == "outlook.office.com" && strings.HasPrefix(u.Path, "/webhook"):
		return errors.New("url: is that of an Office 365 connector, which Microsoft has retired: make a flow in the Workflows app, \"Send webhook alerts to a channel\", and set its URL")
	case strings.Contains(u.RawQuery, "amp;"):
		return errors.New("url: holds &amp; in place of &: copy it again as plain text")
	case (under(host, "powerplatform.com") || under(host, "logic.azure.com")) && u.Query().Get("sig") == "":
		return errors.New("url: has no sig: copy it whole, in quotes where a shell would cut it at &, and let anyone trigger the flow")
	}
	return nil
}

func under(host, domain string) bool {
	return host == domain || strings.HasSuffix(host, "."+domain)
}
