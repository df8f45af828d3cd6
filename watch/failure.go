package watch

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// Class says what kind of failure a check had.
type Class string

// The failure classes.
const (
	Denied      Class = "denied"      // the credentials or their permission
	Throttled   Class = "throttled"   // too many requests
	Rejected    Class = "rejected"    // the request is wrong
	Unreadable  Class = "unreadable"  // an answer that makes no sense
	Unavailable Class = "unavailable" // everything else
)

// codeSignatureExpire is the API's word that this machine's clock is wrong.
const codeSignatureExpire = "AuthFailure.SignatureExpire"

// ClassOf returns the class of an error code of the API.
func ClassOf(code string) Class {
	switch {
	case hasAnyPrefix(code, "AuthFailure", "UnauthorizedOperation"), code == "InternalError.ErrRoleNotExist":
		return Denied
	case hasAnyPrefix(code, "RequestLimitExceeded"):
		return Throttled
	case hasAnyPrefix(code, "InvalidParameter", "MissingParameter", "UnknownParameter", "Unsupported"),
		code == "InvalidAction", code == "NoSuchVersion":
		return Rejected
	}
	return Unavailable
}

func hasAnyPrefix(s string, prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(s, p) })
}

// Failure is a check that gave no reading. It is an error.
type Failure struct {
	Class     Class  `json:"class"`
	Code      string `json:"code,omitempty"` // the API's code, "" where it gave none
	Message   string `json:"message,omitempty"`
	RequestID string `json:"request_id,omitempty"`
}

// Error writes the failure for a person.
func (f *Failure) Error() string {
	s := string(f.Class)
	if f.Code != "" {
		s += ": " + f.Code
	}
	if f.Message != "" {
		s += ": " + f.Message
	}
	return s
}

// failureOf returns err as a failure with texts of a bounded size. An error
// that is none is of class unavailable.
func failureOf(err error) *Failure {
	var f *Failure
	switch {
	case errors.As(err, &f):
	case errors.Is(err, context.DeadlineExceeded):
		f = &Failure{Class: Unavailable, Message: "no answer in time"}
	default:
		f = &Failure{Class: Unavailable, Message: err.Error()}
	}
	g := *f
	g.Code = clip(g.Code, maxText)
	g.Message = clip(g.Message, 2*maxText)
	g.RequestID = clip(g.RequestID, maxText)
	return &g
}

// clip cuts s to at most n bytes, on a rune boundary.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n-len("…")], "") + "…"
}
