package emulator

import (
	"regexp"
	"time"
)

// What the documentation says of AssumeRole's parameters
// (https://www.tencentcloud.com/document/product/1150/49456).
const (
	defaultDuration = 7200  // seconds
	maxDuration     = 43200 // seconds
	stsRate         = 600   // requests a second
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
