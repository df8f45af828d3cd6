package emulator

import (
	"regexp"
	"strings"
	"time"
)

// What the documentation says of AssumeRole's parameters
// (https://www.tencentcloud.com/document/product/1150/49456).
const (
	defaultDuration = 7200  // seconds
	maxDuration     = 43200 // seconds
	stsRate         = 600   // requests a second
	maxTags         = 50
)

var (
	sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,128}$`)
	externalID  = regexp.MustCompile(`^[\w+=,.@:/-]{2,128}$`)
)

// assumeRole answers AssumeRole: credentials that act for the role's account.
// Their life goes by the machine's clock, as signatures do.
func (e *Emulator) assumeRole(q question) (fields, *refusal) {
	seconds, r := q.checkAssumeRole()
	if r != nil {
		return nil, r
	}
	arn := q.arguments.text("RoleArn")
	role, ok := e.roles[arn]
	if !ok {
		return nil, refuse(textNoRole)
	}
	if !role.admits(q.caller, q.arguments.text("ExternalId")) {
		return nil, refuse(textNotAuthorized, "{resource}", arn)
	}
	expires := e.now().Add(time.Duration(seconds) * time.Second)
	id, c := e.mint(role.Account, expires)
	q.hide(c.key, c.token)
	return fields{
		"Credentials": fields{"Token": c.token, "TmpSecretId": id, "TmpSecretKey": c.key},
		"ExpiredTime": expires.Unix(), "Expiration": expires.UTC().Format(time.RFC3339),
	}, nil
}

// checkAssumeRole checks the parameters and returns the seconds asked for.
func (q question) checkAssumeRole() (int64, *refusal) {
	if q.region == "" {
		return 0, q.missing("Region")
	}
	if r := q.checkTypes(); r != nil {
		return 0, r
	}
	for _, name := range []string{"RoleArn", "RoleSessionName"} {
		if q.arguments.text(name) == "" {
			return 0, refuse(textMissingParameter, "{parameter}", name)
		}
	}
	if !sessionName.MatchString(q.arguments.text("RoleSessionName")) {
		return 0, refuse(textBadParameter, "{parameter}", "RoleSessionName")
	}
	if id := q.arguments.text("ExternalId"); id != "" && !externalID.MatchString(id) {
		return 0, refuse(textBadParameter, "{parameter}", "ExternalId")
	}
	if !roleARN.MatchString(q.arguments.text("RoleArn")) {
		return 0, refuse(textBadParameter, "{parameter}", "RoleArn")
	}
	seconds, ok := q.arguments.integer("DurationSeconds", defaultDuration)
	switch {
	case !ok:
		return 0, refuse(textTypeError, "{parameter}", "DurationSeconds")
	case seconds <= 0 || seconds > maxDuration:
		return 0, refuse(textOverTime)
	}
	return seconds, nil
}

// checkTypes refuses parameters that are of another type than they are
// documented to have; null is as nothing. In a form all are texts.
func (q question) checkTypes() *refusal {
	for _, name := range []string{"RoleArn", "RoleSessionName", "ExternalId", "Policy", "SourceIdentity"} {
		if _, ok := q.arguments[name].(string); !ok && q.arguments[name] != nil {
			return refuse(textTypeError, "{parameter}", name)
		}
	}
	tags, ok := q.tags()
	switch {
	case !ok:
		return refuse(textTypeError, "{parameter}", "Tags")
	case tags > maxTags:
		return refuse(textBadParameter, "{parameter}", "Tags")
	}
	return nil
}

// tags counts the tags, and reports whether they are a list of objects.
func (q question) tags() (int, bool) {
	numbers := map[string]bool{}
	for name := range q.arguments {
		if rest, ok := strings.CutPrefix(name, "Tags."); ok {
			numbers[head(rest)] = true
		}
	}
	list, ok := q.arguments["Tags"].([]any)
	for _, tag := range list {
		if _, object := tag.(map[string]any); !object {
			return 0, false
		}
	}
	return len(numbers) + len(list), ok || q.arguments["Tags"] == nil
}
