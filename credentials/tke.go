package credentials

import (
	"context"
	"strings"

	"prowatch/tcss"
)

// The variables that a cluster of Tencent Kubernetes Engine sets in a pod whose
// service account has a role; the vendor's SDKs read the same.
const (
	tkeRegion   = "TKE_REGION"
	tkeProvider = "TKE_PROVIDER_ID"
	tkeToken    = "TKE_WEB_IDENTITY_TOKEN_FILE"
	tkeRole     = "TKE_ROLE_ARN"
)

// TKE returns a source of the key of a pod's role, which is had for the token
// that the cluster signs and writes into a file, and renews there.
func TKE(m Machine, sts *tcss.STS, session string) *Leased {
	return NewLeased(func(ctx context.Context) (tcss.Lease, error) {
		values := map[string]string{}
		var unset []string
		for _, name := range []string{tkeRegion, tkeProvider, tkeToken, tkeRole} {
			if values[name] = m.getenv(name); values[name] == "" {
				unset = append(unset, name)
			}
		}
		if len(unset) > 0 {
			return tcss.Lease{}, denied("%s is not set: credentials: tke is for a pod in TKE whose service account is bound to a role; bind it, and let the pod use that account", strings.Join(unset, " and "))
		}
		token, err := m.read(values[tkeToken], "bind the pod's service account to a role, which mounts the token there")
		if err != nil {
			return tcss.Lease{}, err
		}
		signed := strings.TrimSpace(string(token))
		if signed == "" {
			return tcss.Lease{}, denied("the token in %s is empty: look at the pod's service account", values[tkeToken])
		}
		return sts.AssumeRoleWithWebIdentity(ctx, tcss.Role{ARN: values[tkeRole], Session: session},
			tcss.WebIdentity{Provider: values[tkeProvider], Token: signed, Region: values[tkeRegion]})
	})
}
