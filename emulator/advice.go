package emulator

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// explanation says in a sentence what became of a request.
func (x Exchange) explanation() string {
	a := x.Answer
	switch {
	case a.Fault != "" && (a.Code != "" || a.Dropped || a.Cut || a.Status != 200):
		return "A fault that was set struck it: " + a.Fault + "."
	case a.Abandoned:
		return "The client did not wait for the answer."
	case a.Code != "":
		return a.Message
	case x.Signing.Verified:
		return "It was signed right and answered."
	}
	return "It was answered."
}

// advice says how to mend a refused request, "" when its message says enough.
func (x Exchange) advice() string {
	if x.Answer.Fault != "" {
		return ""
	}
	switch x.Answer.Code {
	case textSignatureFailure.code:
		return x.signatureAdvice()
	case textSignatureExpire.code:
		return x.timeAdvice()
	case textSecretIDNotFound.code:
		return "Use a SecretId that the emulator has: see the overview, or start it with --account ID:KEY."
	case textTokenFailure.code:
		return "Send X-TC-Token (Token in the older signatures) with temporary credentials while they last, and none with a permanent key."
	case textInvalidAuthorization.code:
		return "Authorization: TC3-HMAC-SHA256 Credential=<SecretId>/<UTC date of the timestamp>/<service>/tc3_request, SignedHeaders=content-type;host, Signature=<hex>."
	case textRequestLimit.code:
		return "Wait until the next second, or start the emulator with --rate 0."
	case textUnknownParameter.code:
		return "Leave the parameter out. With TC3 the common ones are headers, not part of the query or body."
	}
	return ""
}

// signatureAdvice names the slip that was found, or what none of them is.
func (x Exchange) signatureAdvice() string {
	if len(x.Signing.Hints) > 0 {
		return "The client " + x.Signing.Hints[0].Says + "."
	}
	if x.Signing.StringToSign == "" {
		return ""
	}
	return "No single slip explains this signature. If what your client signed is line for line what the emulator signed, its secret key is another."
}

// timeAdvice says how far off the timestamp is.
func (x Exchange) timeAdvice() string {
	stamp := x.Request.Header["X-Tc-Timestamp"]
	if stamp == "" {
		form, _ := parseForm(x.Request.query())
		for _, p := range form {
			if p.key == "Timestamp" {
				stamp = p.value
			}
		}
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return ""
	}
	off := time.Unix(x.At.Unix(), 0).Sub(time.Unix(seconds, 0)) // Whole seconds, as the check has it.
	side := "behind"
	if off < 0 {
		off, side = -off, "ahead of"
	}
	return fmt.Sprintf("The timestamp is %s %s this machine’s clock, and 5m0s is allowed. Set the client’s clock.", off, side)
}

// query is where an older signature has its parameters.
func (r Request) query() string {
	if r.Method == "GET" {
		_, q, _ := strings.Cut(r.Target, "?")
		return q
	}
	return r.Body
}
