package tcss

import (
	"net/url"
	"strings"
)

// product is one of the vendor's services: TCSS itself, or a neighbour that
// has the keys for it.
type product struct {
	name, version string

	// regional says that a request must name a region, though the answer is the
	// same in each.
	regional bool

	// secret says that its answers hold secrets, so that none is quoted.
	secret bool
}

// The products that are asked, each at its version: TCSS, the Security Token
// Service (https://www.tencentcloud.com/document/product/1150/49456), the
// organisation (https://tencentcloud.com/document/api/1031/52062) and Secrets
// Manager (https://tencentcloud.com/document/product/1078/38649).
var (
	container    = product{name: "tcss", version: "2020-11-01"}
	tokens       = product{name: "sts", version: "2018-08-13", regional: true, secret: true}
	organization = product{name: "organization", version: "2021-03-31"}
	secrets      = product{name: "ssm", version: "2019-09-23", regional: true, secret: true}
)

// vendorDomain ends the names of the vendor's hosts.
const vendorDomain = ".tencentcloudapi.com"

// host returns the product's host of a site.
// https://tencentcloud.com/document/product/1163/52896,
// https://cloud.tencent.com/document/api/1285/65467
func (p product) host(site string) string {
	if site == "cn" {
		return p.name + vendorDomain
	}
	return p.name + ".intl" + vendorDomain
}

// region returns what X-TC-Region is to say, "" for nothing.
func (p product) region(site string) string {
	switch {
	case !p.regional:
		return ""
	case site == "cn":
		return "ap-guangzhou"
	}
	return "ap-singapore"
}

// endpoint returns where the options say that the product is asked. A neighbour
// is beside the endpoint of TCSS if that is of the vendor, as in a private
// network, or on this machine, as an emulator is, which stands for all;
// elsewhere it is at its site's host.
func (p product) endpoint(o *Options) (endpoint, error) {
	text := o.Endpoint
	if text == "" && p.name != container.name {
		text = o.Beside
	}
	e, err := parseEndpoint(text, o.Site, o.AllowHTTP)
	if err != nil || o.Endpoint != "" || p.name == container.name {
		return e, err
	}
	name := (&url.URL{Host: e.host}).Hostname()
	rest, found := strings.CutPrefix(e.host, container.name+".")
	switch {
	case loopback(name):
		return e, nil
	case found && strings.HasSuffix(name, vendorDomain):
		return endpoint{scheme: e.scheme, host: p.name + "." + rest, path: e.path}, nil
	}
	return endpoint{scheme: "https", host: p.host(o.Site)}, nil
}
