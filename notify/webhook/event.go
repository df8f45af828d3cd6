package webhook

import (
	"net/url"
	"time"

	"prowatch/notify"
	"prowatch/watch"
)

// contentType is that of a CloudEvent in structured mode.
const contentType = "application/cloudevents+json; charset=utf-8"

// typePrefix makes a notice's type one of the world's.
const typePrefix = "prowatch."

// maxBody is the size over which a notice's message is cut, in bytes: the size
// of an event that every CloudEvents intermediary must forward.
const maxBody = 64 << 10

// cutMessage is what is left then of the message, the one free text, in bytes.
const cutMessage = 512

// cloudEvent is a CloudEvent 1.0 (github.com/cloudevents/spec, formats/json).
type cloudEvent struct {
	SpecVersion     string       `json:"specversion"`
	ID              string       `json:"id"`
	Source          string       `json:"source"`
	Type            string       `json:"type"`
	Subject         string       `json:"subject,omitempty"`
	Time            time.Time    `json:"time"`
	DataContentType string       `json:"datacontenttype"`
	Data            watch.Notice `json:"data"`
}

// event returns the message's notice as the body of a request.
func event(m watch.Message) ([]byte, error) {
	n := m.Items[0].Notice
	e := cloudEvent{
		SpecVersion:     "1.0",
		ID:              m.ID,
		Source:          "/prowatch/accounts/" + url.PathEscape(n.Account),
		Type:            typePrefix + string(n.Type),
		Subject:         n.Account,
		Time:            n.At.UTC(),
		DataContentType: "application/json",
		Data:            n,
	}
	body, err := notify.JSON(e)
	if err == nil && len(body) > maxBody {
		e.Data.Message = notify.Clip(e.Data.Message, cutMessage)
		body, err = notify.JSON(e)
	}
	return body, err
}
