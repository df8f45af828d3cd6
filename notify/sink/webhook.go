package sink

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// webhookSkew is how far the time of a signature may be off, by the Standard
// Webhooks specification.
const webhookSkew = 5 * time.Minute

// maxEvent is the size of an event that CloudEvents lets one rely on, in bytes.
const maxEvent = 64 << 10

// NewWebhook returns a receiver of CloudEvents that verifies the Standard
// Webhooks signature with the secret ("whsec_" and base64). With "" it takes
// unsigned ones. It takes an id again, as the specification asks, and marks the
// message as a duplicate.
func NewWebhook(secret string, o *Options) *Sink {
	return newSink(vendor{
		ok:        reply{status: http.StatusNoContent},
		throttled: reply{http.StatusTooManyRequests, "text/plain", "slow down"},
		read: func(r *http.Request, body []byte, now time.Time) (Message, *reply) {
			if secret != "" && !signed(r.Header, body, secret, now) {
				return Message{}, &reply{http.StatusUnauthorized, "text/plain", "the signature does not match"}
			}
			return readEvent(r, body)
		},
	}, o)
}

// signed reports whether one of the signatures is the secret's.
func signed(h http.Header, body []byte, secret string, now time.Time) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return false
	}
	id, timestamp := h.Get("webhook-id"), h.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || id == "" || now.Sub(time.Unix(seconds, 0)).Abs() > webhookSkew {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	for field := range strings.FieldsSeq(h.Get("webhook-signature")) {
		version, text, _ := strings.Cut(field, ",")
		got, err := base64.StdEncoding.DecodeString(text)
		if err == nil && version == "v1" && hmac.Equal(got, mac.Sum(nil)) {
			return true
		}
	}
	return false
}

// readEvent checks what CloudEvents 1.0 requires in structured mode.
func readEvent(r *http.Request, body []byte) (Message, *reply) {
	refuse := func(status int, text string) (Message, *reply) {
		return Message{}, &reply{status, "text/plain", text}
	}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/cloudevents+json" {
		return refuse(http.StatusUnsupportedMediaType, "application/cloudevents+json is wanted")
	}
	if len(body) > maxEvent {
		return refuse(http.StatusRequestEntityTooLarge, "the event is over 64 KiB")
	}
	var e struct{ SpecVersion, ID, Source, Type string }
	if json.Unmarshal(body, &e) != nil || e.SpecVersion != "1.0" || e.ID == "" || e.Source == "" || e.Type == "" {
		return refuse(http.StatusBadRequest, "this is no CloudEvent 1.0")
	}
	if id := r.Header.Get("webhook-id"); id != "" && id != e.ID {
		return refuse(http.StatusBadRequest, "webhook-id is not the event's id")
	}
	var pretty bytes.Buffer
	_ = json.Indent(&pretty, body, "", "  ")
	return Message{Kind: e.Type, ID: e.ID, Text: pretty.String()}, nil
}
