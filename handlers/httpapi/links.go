package httpapi

import (
	"net/url"
	"strconv"
	"time"
)

// A signed link opens one path for reading to whoever has it: calendars and
// pages of other tools cannot sign in. It ends with its exp, where it has one,
// and with the key.

// byLink looks at the signature of the query.
func (c *call) byLink() error {
	q := c.URL.Query()
	if !signed(c.keys.link, linkText(c.URL.Path, q.Get("exp")), q.Get("sig")) {
		return challenge("invalid_token", "the link's signature is none of this key and path: copy the link anew from the page")
	}
	if exp := q.Get("exp"); exp != "" {
		if end, err := strconv.ParseInt(exp, 10, 64); err != nil || !c.now.Before(time.Unix(end, 0)) {
			return challenge("invalid_token", "the link has expired: copy it anew from the page")
		}
	}
	c.scope = read
	return nil
}

// linkText is what a link's signature is of.
func linkText(path, exp string) string { return "GET\n" + path + "\n" + exp }

// link signs a link to a path of this API that ends at exp, zero for never. It
// is whole where the public URL is known.
func (c *call) link(path string, exp time.Time) string {
	return c.root() + signedLink(c.keys.link, path, exp)
}

// root is what stands before the API's paths in a link: the public URL, where it
// is known, by whatever name the caller came.
func (c *call) root() string {
	if c.public != "" {
		return c.public + c.api.base
	}
	return c.base
}

// signedLink returns the path with its signature by the key.
func signedLink(key []byte, path string, exp time.Time) string {
	q := url.Values{}
	if !exp.IsZero() {
		q.Set("exp", strconv.FormatInt(exp.Unix(), 10))
	}
	q.Set("sig", sign(key, linkText(path, q.Get("exp"))))
	return path + "?" + q.Encode()
}
