package emulator

import (
	"maps"
	"net"
	"slices"
	"strings"
)

// service is one product of the vendor with the one version of it emulated.
type service struct {
	name, version string
	rate          int // documented requests a second; 0 is the emulator's own
	actions       map[string]action
}

// action is one thing a service does. answer is called with the emulator's
// lock held.
type action struct {
	about      string   // what it does, for the explorer
	parameters []string // of its own, beside the common ones
	answer     func(e *Emulator, q question) (fields, *refusal)
}

// question is a call whose signature, version and parameters are right.
type question struct {
	*call
	account   *account // the one that answers
	caller    string   // its SecretId
	arguments arguments
}

// services are what the emulator offers.
var services = []service{
	{name: "tcss", version: "2020-11-01", actions: map[string]action{
		"DescribeProVersionInfo": {
			about:  "What the Pro Edition is paid for, and until when",
			answer: (*Emulator).proVersionInfo,
		},
		"DescribePurchaseStateInfo": {
			about:  "The state of the purchase, with renewal and cores",
			answer: (*Emulator).purchaseStateInfo,
		},
	}},
	{name: "sts", version: "2018-08-13", rate: stsRate, actions: map[string]action{
		"AssumeRole": {
			about: "Temporary credentials that act for another account",
			parameters: []string{
				"RoleArn", "RoleSessionName", "DurationSeconds", "Policy", "ExternalId", "Tags", "SourceIdentity",
			},
			answer: (*Emulator).assumeRole,
		},
		"GetCallerIdentity": {
			about:  "Which account the credentials are of",
			answer: (*Emulator).callerIdentity,
		},
	}},
	{name: "organization", version: "2021-03-31", actions: map[string]action{
		"DescribeOrganizationMembers": {
			about:      "The members of the organisation that the account manages",
			parameters: []string{"Offset", "Limit", "Lang", "SearchKey", "AuthName", "Product", "Tags"},
			answer:     (*Emulator).organizationMembers,
		},
	}},
	{name: "ssm", version: "2019-09-23", rate: ssmRate, actions: map[string]action{
		"GetSecretValue": {
			about:      "A secret of Secrets Manager, in one version",
			parameters: []string{"SecretName", "VersionId"},
			answer:     (*Emulator).secretValue,
		},
	}},
}

func isService(name string) bool {
	return slices.ContainsFunc(services, func(s service) bool { return s.name == name })
}

// vendorDomain ends the names of the vendor's own hosts, whose first label is
// a product. Other names say nothing about products.
const vendorDomain = ".tencentcloudapi.com"

// service returns the one that a call means: the one its scope or its host
// names, or else the one that has the action. A local name such as
// tcss.localhost stands for every service, so it yields to the action.
func (c *call) service() service {
	named, ok := c.namedService()
	if !ok {
		return serviceOf(c.action)
	}
	byHost := isLocalName(hostOf(c.host)) && slices.Contains(c.hostLabels(), named.name)
	if byHost && isAction(c.action) && !named.has(c.action) {
		return serviceOf(c.action)
	}
	return named
}

func (s service) has(action string) bool {
	_, ok := s.actions[action]
	return ok
}

// namedService returns the one that the scope names, or the host.
func (c *call) namedService() (service, bool) {
	_, scope, _ := strings.Cut(c.signing.Scope, "/")
	scope, _, _ = strings.Cut(scope, "/")
	for _, name := range append([]string{scope}, c.hostLabels()...) {
		for _, s := range services {
			if s.name == name {
				return s, true
			}
		}
	}
	return service{}, false
}

// serviceOf returns the one that has an action, or else the first.
func serviceOf(action string) service {
	for _, s := range services {
		if s.has(action) {
			return s
		}
	}
	return services[0]
}

// noProduct reports whether a call is for a host of the vendor whose product
// is not here.
func (c *call) noProduct() bool {
	host := strings.ToLower(c.host)
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	product, _, _ := strings.Cut(host, ".")
	return strings.HasSuffix(host, vendorDomain) && !isService(product)
}

// find returns the action of a call and its arguments, or refuses its product,
// its version, its name or a parameter.
func (c *call) find() (action, arguments, *refusal) {
	s := c.service()
	if c.noProduct() {
		return action{}, nil, refuse(catalogue["NoSuchProduct"])
	}
	if c.version != s.version {
		return action{}, nil, refuse(textNoSuchVersion, "{version}", c.version, "{service}", s.name)
	}
	a, ok := s.actions[c.action]
	if !ok {
		return action{}, nil, refuse(textInvalidAction)
	}
	args, r := c.arguments()
	if r != nil {
		return action{}, nil, r
	}
	for _, n := range slices.Sorted(maps.Keys(args)) {
		if !slices.Contains(a.parameters, head(n)) {
			return action{}, nil, refuse(textUnknownParameter, "{parameter}", n)
		}
	}
	return a, args, nil
}

func isCommonV1(key string) bool { return slices.Contains(commonV1, key) }
