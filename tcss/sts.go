package tcss

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"prowatch/watch"
)

// roleLife is how long an assumed key is asked to live: the documented default,
// which every role allows.
const roleLife = 2 * time.Hour

// STSLimiters returns the limiters of STS, which takes 600 requests a second.
func STSLimiters() *Limiters { return &Limiters{perSecond: 500} }

// STS is a client of the Security Token Service. Its methods are safe for use
// by many goroutines, and their errors are of [*watch.Failure].
type STS struct{ client *Client }

// NewSTS returns a client of STS, which is asked as its options say for TCSS:
// at Endpoint, else beside the endpoint Beside, else at the host of its site.
func NewSTS(o Options) (*STS, error) {
	c, err := newClient(o, tokens)
	return &STS{c}, err
}

// A Role is one to assume.
type Role struct {
	ARN        string // qcs::cam::uin/100000000001:roleName/prowatch
	ExternalID string // "" where the role asks for none
	Session    string // what the role's account sees in its logs; see [SessionName]
}

// A Lease is a temporary key with its end.
type Lease struct {
	Credentials
	Ends time.Time // on this machine's clock
}

// assuming begins the messages of failures to assume a role. [Mend] knows them
// by it, since STS and TCSS have the same codes.
const assuming = "assuming the role "

// AssumeRole returns a key that acts for the role's account.
func (s *STS) AssumeRole(ctx context.Context, r Role) (Lease, error) {
	params := map[string]any{"RoleArn": r.ARN, "RoleSessionName": r.Session, "DurationSeconds": int(roleLife.Seconds())}
	if r.ExternalID != "" {
		params["ExternalId"] = r.ExternalID
	}
	return s.lease(ctx, "AssumeRole", r.ARN, params)
}

// WebIdentity says who one is by a token that an identity provider signed.
type WebIdentity struct {
	Provider, Token, Region string
}

// AssumeRoleWithWebIdentity is AssumeRole for who has no key, but a token of an
// identity provider that the role trusts.
func (s *STS) AssumeRoleWithWebIdentity(ctx context.Context, r Role, w WebIdentity) (Lease, error) {
	c := *s.client
	c.region = w.Region
	c.provide = Static(Credentials{Token: w.Token})
	c.unsigned = true
	params := map[string]any{
		"ProviderId": w.Provider, "WebIdentityToken": w.Token, "RoleArn": r.ARN,
		"RoleSessionName": r.Session, "DurationSeconds": int(roleLife.Seconds()),
	}
	return (&STS{&c}).lease(ctx, "AssumeRoleWithWebIdentity", r.ARN, params)
}

// lease asks for a key and reads the answer.
func (s *STS) lease(ctx context.Context, action, arn string, params map[string]any) (Lease, error) {
	began := time.Now()
	response, f := s.client.call(ctx, action, params)
	if f == nil {
		var l Lease
		if l, f = decodeLease(response, began); f == nil {
			return l, nil
		}
	}
	if slices.Contains(roleRefused, f.Code) {
		f.Class = watch.Denied
	}
	f.Message = assuming + arn + ": " + f.Message
	return Lease{}, tidy(f)
}

// roleRefused are codes of STS that say that this role cannot be had, beside
// those that say so by their class.
// https://www.tencentcloud.com/document/product/1150/49456
var roleRefused = []string{
	"ResourceNotFound.RoleNotFound", "InternalError.GetRoleError", "InternalError.IllegalRole",
	"InvalidParameter.AccountNotAvaliable", // as the vendor spells it
}

// decodeLease reads the key. Its end is by this machine's clock, so that one
// that is off makes no key live longer than it does.
func decodeLease(response json.RawMessage, began time.Time) (Lease, *watch.Failure) {
	var answer struct {
		Credentials struct{ Token, TmpSecretId, TmpSecretKey string }
		ExpiredTime int64
		RequestId   string
	}
	err := json.Unmarshal(response, &answer)
	c := Credentials{answer.Credentials.TmpSecretId, answer.Credentials.TmpSecretKey, answer.Credentials.Token}
	if err != nil || c.check() != nil || c.Token == "" {
		return Lease{}, &watch.Failure{Class: watch.Unreadable, Message: "the answer holds no whole key", RequestID: answer.RequestId}
	}
	l := Lease{c, began.Add(roleLife)}
	if said := time.Unix(answer.ExpiredTime, 0); answer.ExpiredTime > 0 && said.Before(l.Ends) {
		l.Ends = said
	}
	return l, nil
}

// Identity returns the number (UIN) of the account that the key is of.
func (s *STS) Identity(ctx context.Context) (uin string, err error) {
	response, f := s.client.call(ctx, "GetCallerIdentity", nil)
	if f != nil {
		return "", f
	}
	var answer struct{ AccountId string }
	if json.Unmarshal(response, &answer) != nil || answer.AccountId == "" {
		return "", &watch.Failure{Class: watch.Unreadable, Message: "the answer of GetCallerIdentity names no account"}
	}
	return answer.AccountId, nil
}

// maxSession is the longest name of a session, in bytes.
const maxSession = 128

// SessionName returns a session's name for an account's id: of such characters
// as STS takes.
func SessionName(account string) string {
	name := strings.Map(func(r rune) rune {
		word := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
		if word || strings.ContainsRune("_+=,.@-", r) {
			return r
		}
		return '-'
	}, "prowatch-"+account)
	return name[:min(len(name), maxSession)]
}
