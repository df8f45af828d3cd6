package email

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"net/textproto"
	"strconv"

	"prowatch/notify"
	"prowatch/watch"
)

// stage is where in the dialog something failed, for the mend.
type stage string

const (
	greeting   stage = "the mail server refuses to talk"
	login      stage = "the login is refused: check username and password; some providers want an app password or authorisation code instead of the password"
	sender     stage = "the sender is refused: check from, and whether this username may send as it"
	recipients stage = "the recipient is refused: check to"
	content    stage = "the mail is refused"
	end        stage = "the mail is refused after it was read"
)

// What a server lacks.
var (
	errNoStartTLS  = errors.New("the mail server offers no STARTTLS: set tls: tls (port 465), or another server")
	errNoLogin     = errors.New("the mail server takes no login here: remove username and password, or check smtp and tls")
	errNoMechanism = errors.New("the mail server offers no way to log in that is known here")
	errTooMuch     = errors.New("the mail server talks without end")
)

// maxQuote is how much of a reply an outcome quotes, in bytes.
const maxQuote = 120

// judge turns what ended the dialog into an outcome.
func (d *dialog) judge(s stage, err error) watch.Outcome {
	var (
		reply    *textproto.Error
		protocol textproto.ProtocolError
		record   tls.RecordHeaderError
		cert     *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &reply):
		return d.refusal(s, reply)
	case errors.Is(err, errNoStartTLS), errors.Is(err, errNoLogin), errors.Is(err, errNoMechanism):
		return notify.Outcome(watch.Permanent, "", vendor+": "+err.Error())
	case s == end:
		return notify.Unanswered(vendor, d.cause(err), true)
	case errors.As(err, &cert):
		return notify.Unanswered(vendor, err, false)
	case errors.As(err, &protocol), errors.As(err, &record):
		return notSent("what answers is no mail server, or not with this tls: check smtp and tls (465 is tls, 587 starttls)")
	case errors.Is(err, errTooMuch):
		return notSent(errTooMuch.Error() + ": check smtp")
	case errors.Is(d.cause(err), context.Canceled):
		return notSent("the run ended first")
	case d.ctx.Err() != nil:
		return notSent("the mail server did not answer in time: check smtp and tls (465 is tls, 587 starttls)")
	}
	return notSent("the mail server broke off")
}

func notSent(why string) watch.Outcome {
	return notify.Outcome(watch.Retry, "", vendor+": not sent: "+why)
}

// cause returns why the connection was closed, where that was ours to do.
func (d *dialog) cause(err error) error {
	if ended := d.ctx.Err(); ended != nil {
		return ended
	}
	return err
}

// refusal judges a reply: 4yz is for now, 5yz for good (RFC 5321, 4.2.1).
// Anything else where that is not the reply to expect leaves open, once the mail
// is read, whether it was taken.
func (d *dialog) refusal(s stage, reply *textproto.Error) watch.Outcome {
	code := strconv.Itoa(reply.Code)
	lead := vendor + " " + code + ": "
	switch {
	case reply.Code/100 == 4:
		return notify.Outcome(watch.Retry, code, lead+"refused for now"+d.said(reply))
	case reply.Code/100 == 5:
		return notify.Outcome(watch.Permanent, code, lead+reason(s, reply.Code)+d.said(reply))
	case s == end:
		return notify.Outcome(watch.Unknown, code, lead+"the answer does not say whether the mail was taken (250 is missing): it may have arrived"+d.said(reply))
	}
	return notify.Outcome(watch.Retry, code, lead+"an answer that makes no sense here: check smtp"+d.said(reply))
}

// reason returns what a permanent reply means, with its mend.
func reason(s stage, code int) string {
	switch {
	case code == 530 && s == sender:
		return "the mail server wants a login or TLS first: set username and password, and tls: starttls"
	case code == 538:
		return "the mail server takes a login in TLS only: set tls: starttls"
	case code == 552 && s != recipients:
		return "the mail is too large for the mail server"
	}
	return string(s)
}

// said quotes a reply for the end of a reason.
func (d *dialog) said(reply *textproto.Error) string {
	text := notify.OneLine(d.scrub(reply.Msg))
	if text == "" {
		return ""
	}
	return " (" + notify.Clip(text, maxQuote) + ")"
}

// quote writes a reply with its code.
func (d *dialog) quote(reply *textproto.Error) string {
	return strconv.Itoa(reply.Code) + d.said(reply)
}

// scrub takes out what the client said to log in, in the forms it was said in.
func (d *dialog) scrub(text string) string {
	encode := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	return notify.Scrub(text, d.password, encode(d.password), encode(d.username),
		encode("\x00"+d.username+"\x00"+d.password))
}
