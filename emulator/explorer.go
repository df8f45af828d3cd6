package emulator

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// explorerForm is a request as one fills it in.
type explorerForm struct {
	Account, Action, Parameters    string
	Sign, Method, Language, Region string
	Wrong                          string // one of the wrongs
	Reveal                         bool   // show key bytes
}

var (
	explorerSigns     = []string{methodTC3, "HmacSHA1", "HmacSHA256"}
	explorerMethods   = []string{http.MethodPost, http.MethodGet}
	explorerLanguages = []string{string(english), string(chinese)}
	regionForm        = regexp.MustCompile(`^[a-z0-9-]*$`)
)

// wrongs are ways to sign a request that is refused, to see what it looks like.
var wrongs = []choice{
	{Value: "", Label: "right"},
	{Value: "key", Label: "wrong: with another secret key"},
	{Value: "newline", Label: "wrong: with a line break at the key’s end"},
	{Value: "host", Label: "wrong: for the cloud’s host"},
	{Value: "byte", Label: "wrong: and change a byte afterwards"},
	{Value: "late", Label: "wrong: ten minutes ago"},
	{Value: "token", Label: "wrong: with a token that is not the account’s"},
}

// readForm takes the form of a request, with defaults for what is not there.
func (e *Emulator) readForm(v url.Values) explorerForm {
	f := explorerForm{
		Account: v.Get("account"), Action: v.Get("action"), Parameters: strings.TrimSpace(v.Get("parameters")),
		Sign: v.Get("sign"), Method: v.Get("method"), Language: v.Get("language"), Region: v.Get("region"),
		Wrong: v.Get("wrong"), Reveal: v.Get("reveal") != "",
	}
	for _, d := range []struct {
		value   *string
		allowed []string
	}{
		{&f.Account, e.Accounts()}, {&f.Action, actionNames()}, {&f.Sign, explorerSigns},
		{&f.Method, explorerMethods}, {&f.Language, explorerLanguages},
	} {
		if !slices.Contains(d.allowed, *d.value) {
			*d.value = d.allowed[0]
		}
	}
	if f.Parameters == "" {
		f.Parameters = e.exampleOf(f.Action)
	}
	return f
}

// actionNames are those of every service, the main one first.
func actionNames() []string {
	var names []string
	for _, s := range services {
		names = append(names, slices.Sorted(maps.Keys(s.actions))...)
	}
	return names
}

// exampleOf returns parameters with which an action can be asked.
func (e *Emulator) exampleOf(action string) string {
	switch action {
	case "AssumeRole":
	case "DescribeOrganizationMembers":
		return pretty(map[string]any{"Offset": 0, "Limit": maxMembers})
	case "GetSecretValue":
		return pretty(map[string]any{"SecretName": "prowatch", "VersionId": "v1"})
	default:
		return "{}"
	}
	arn := "qcs::cam::uin/100000000001:roleName/prowatch"
	if roles := e.Roles(); len(roles) > 0 {
		arn = slices.Sorted(maps.Keys(roles))[0]
	}
	return pretty(map[string]any{"RoleArn": arn, "RoleSessionName": "explorer", "DurationSeconds": 900})
}

// draft is the request to be signed right.
func (e *Emulator) draft(f explorerForm, host string) (draft, error) {
	args, err := decode[map[string]any]([]byte(f.Parameters))
	if err != nil {
		return draft{}, fmt.Errorf("%w: the parameters are no JSON object: %w", ErrInvalid, err)
	}
	if !regionForm.MatchString(f.Region) {
		return draft{}, fmt.Errorf("%w: a region has small letters, digits and hyphens", ErrInvalid)
	}
	c, ok := e.lookUp(f.Account)
	if !ok {
		return draft{}, fmt.Errorf("%w: %q", ErrNoAccount, f.Account)
	}
	now := e.now()
	s := serviceOf(f.Action)
	return draft{
		method: f.Method, signWith: f.Sign, host: host, id: f.Account, key: c.key, token: c.token,
		service: s.name, version: s.version, action: f.Action, region: f.Region, language: f.Language,
		arguments: args, at: now, nonce: uint64(now.UnixNano()),
	}, nil
}

// signAs signs a draft as the form says, right or wrong.
func (f explorerForm) signAs(d draft) (signed, error) {
	switch f.Wrong {
	case "key":
		d.key = "not-" + d.key
	case "newline":
		d.key += "\n"
	case "host":
		d.host = d.service + ".tencentcloudapi.com"
	case "late":
		d.at = d.at.Add(-10 * time.Minute)
	case "token":
		d.token += "not-it"
	}
	s, err := d.sign()
	if err == nil && f.Wrong == "byte" {
		s.changeByte()
	}
	return s, err
}

// changeByte changes what was signed after it was: a digit of the nonce, a
// blank more in the body, or a parameter more in the query.
func (s *signed) changeByte() {
	nonce := regexp.MustCompile(`(Nonce=\d*)(\d)`)
	swap := func(text string) string {
		return nonce.ReplaceAllStringFunc(text, func(m string) string {
			return m[:len(m)-1] + string('0'+(m[len(m)-1]-'0'+1)%10)
		})
	}
	switch {
	case nonce.MatchString(s.target + s.body):
		s.target, s.body = swap(s.target), swap(s.body)
	case s.body != "":
		s.body += "\n"
	default:
		s.target = "/?A=b"
	}
}
