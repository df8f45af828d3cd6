package tcss

import (
	"strings"

	"prowatch/watch"
)

// Mend returns one sentence that says what to do about a failure; "" for nil.
func Mend(f *watch.Failure) string {
	if f == nil {
		return ""
	}
	if m := mendNeighbour(f); m != "" {
		return m
	}
	if f.Code != "" {
		for _, m := range mends() {
			if f.Code == m.code || strings.HasPrefix(f.Code, m.code+".") {
				return m.text
			}
		}
	}
	return mendClass(f.Class)
}

type mend struct{ code, text string }

// mends returns what to do by code; a code stands for those below it too, so
// the special ones come first.
func mends() []mend {
	const (
		grant  = "Allow tcss:DescribeProVersionInfo, and tcss:DescribePurchaseStateInfo if expiry_source is purchase_state, on resource * for this key: prowatch config policy prints the policy."
		key    = "Check secret_id and site: this site knows no such key, or it is deleted or disabled."
		place  = "Check endpoint and site: the service there does not know this request."
		source = "Allow the address that this machine calls from in the network policy of the key, or run prowatch where it is allowed."
	)
	return []mend{
		{"AuthFailure.SecretIdNotFound", key},
		{"AuthFailure.InvalidSecretId", key},
		{"AuthFailure.SignatureFailure", "Check secret_key: it is not the one of this secret_id."},
		{"AuthFailure.SignatureExpire", "Set the clock of this machine: it is more than 5 minutes away from the API's."},
		{"AuthFailure.TokenFailure", "Renew the temporary credentials: their token has expired, or is of another key."},
		{"AuthFailure.MFAFailure", "Use a key for programs: this one asks for a second factor."},
		{"AuthFailure.InvalidAuthorization", "Check the proxy: something on the way changed the Authorization header."},
		{"AuthFailure.UnauthorizedOperation", grant},
		{"UnauthorizedOperation", grant},
		{"AuthFailure", "Check secret_id, secret_key and token, and that the key is enabled."},
		{"InternalError.ErrRoleNotExist", "Open the TCSS console with the account's administrator and authorise its service role."},
		{"InternalError", "Wait: the fault is on Tencent Cloud's side; if it lasts, give their support the request id."},
		{"RequestLimitExceeded", "Check less often, or find out what else calls the API with this account: it takes 20 requests a second."},
		{"IpInBlacklist", source},
		{"IpNotInWhitelist", source},
		{"ActionOffline", place},
		{"InvalidAction", place},
		{"NoSuchProduct", place},
		{"NoSuchVersion", place},
		{"UnsupportedRegion", place},
	}
}

// mendNeighbour returns what to do where a key is not had, or the list of an
// organisation; "" where the key that asks is at fault, or the network.
func mendNeighbour(f *watch.Failure) string {
	role, list := strings.Contains(f.Message, assuming), strings.Contains(f.Message, listing)
	switch {
	case keyRefused(f), f.Code == "AuthFailure.SignatureExpire", f.Class == watch.Unavailable, f.Class == watch.Throttled:
		return ""
	case !role && f.Code == "" && strings.HasPrefix(f.Message, getting):
		return "Mend the source of the key as the message says."
	case list && f.Class == watch.Denied:
		return "Allow organization:DescribeOrganizationMembers for this key, which must be of the account that manages the organisation: prowatch config policy prints the policy."
	case !role:
		return ""
	case f.Class == watch.Denied:
		return "Check role_arn, external_id and the trust policy of the role, and that the key may ask for it: prowatch config policy prints both policies."
	case f.Class == watch.Rejected:
		return "Check role_arn and external_id: STS does not take one of them."
	}
	return ""
}

func mendClass(c watch.Class) string {
	switch c {
	case watch.Denied:
		return "Check secret_id, secret_key and token."
	case watch.Throttled:
		return "Check less often."
	case watch.Rejected:
		return "Check endpoint, site and proxy: the API refuses a request that it documents, so it may have been changed on the way."
	case watch.Unreadable:
		return "Look at the answer with prowatch describe: the API says something that this version of prowatch does not know."
	}
	return "Check the network from here to the endpoint: DNS, proxy, firewall and certificates."
}
