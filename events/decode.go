package events

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Decode returns the event that payload is. Its error is a [*DecodeError].
func Decode(payload []byte) (Event, error) {
	e, err := decode(payload)
	if err != nil {
		return nil, err
	}
	return e, nil
}

// decode looks first at what forbids a reading: an authorizer's event is in all
// but its type a request to a REST API.
func decode(payload []byte) (Event, *DecodeError) {
	if len(payload) > maxPayload {
		return nil, refuse(fmt.Sprintf("the event is over %d bytes", maxPayload))
	}
	o, err := parseObject(payload)
	if err != nil {
		return nil, refuse("the event ", err.Error())
	}
	switch {
	case o.isAuthorizer():
		return nil, refuse("an authorizer's event is not taken: attach the function to the route, not to its authorizer")
	case o.has("action"):
		return decodeDirect(&o)
	case o.text("Type") == "Timer":
		return decodeTimer(&o)
	case o.text("detail-type") == "Scheduled Event":
		return decodeScheduled(&o)
	case o.has("Records"):
		return decodeBatch(&o)
	case o.has("httpMethod"), o.has("requestContext"):
		return decodeRequest(&o)
	}
	return nil, o.unknown()
}

// isAuthorizer reports whether an API gateway asks who its caller may be:
// methodArn comes in payloads of version 1, routeArn of version 2.
func (o *object) isAuthorizer() bool {
	kind := o.text("type")
	return (kind == "REQUEST" || kind == "TOKEN") && (o.has("methodArn") || o.has("routeArn"))
}

func (o *object) unknown() *DecodeError {
	return refuse("an event with ", o.quoteKeys(), " is not known", o.hint())
}

// hint tells a misspelt direct call.
func (o *object) hint() string {
	for _, key := range o.keys {
		if s := nearest([]string{"action"}, key); s != "" {
			return s
		}
	}
	return ""
}

// decodeTimer reads SCF's timer,
// https://cloud.tencent.com/document/product/583/9708.
func decodeTimer(o *object) (Event, *DecodeError) {
	t := Tick{Source: SCFTimer, Time: parseTime(o.text("Time")), Name: o.text("TriggerName")}
	message := strings.TrimSpace(o.text("Message"))
	if !strings.HasPrefix(message, "{") {
		return t, nil
	}
	call, err := parseObject([]byte(message))
	if err != nil {
		return nil, &DecodeError{"the timer's Message begins as JSON but " + err.Error()}
	}
	d, refused := decodeDirect(&call)
	if refused != nil {
		return nil, &DecodeError{"the timer's Message: " + refused.text}
	}
	switch d := d.(type) {
	case Tell:
		t.Tell = true
	case Direct:
		t.Accounts = d.Accounts
	}
	return t, nil
}

// decodeScheduled reads what an EventBridge rule and EventBridge Scheduler
// deliver where their owner set no Input. The detail says nothing: it is an
// empty object from the one, and the string "{}" from the other.
func decodeScheduled(o *object) (Event, *DecodeError) {
	t := Tick{Source: o.text("source"), Time: parseTime(o.text("time"))}
	if t.Source != AWSRule && t.Source != AWSScheduler {
		return nil, refuse(`a "Scheduled Event" from a source other than aws.events and aws.scheduler is not taken`)
	}
	if json.Unmarshal(o.first("resources"), &t.Name) != nil {
		t.Name = ""
	}
	return t, nil
}

func parseTime(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
