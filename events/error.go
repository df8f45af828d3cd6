package events

import "strings"

// taken ends every error about the kind of an event.
const taken = `taken are a Tencent SCF timer, an EventBridge rule or Scheduler ("Scheduled Event"), an HTTP request of an SCF function URL or Tencent API Gateway, or of an AWS REST API, HTTP API, Lambda function URL or load balancer (ALB), a batch of SQS or CKafka, and the direct calls {"action":"check","accounts":["ID"]} and {"action":"tell"}`

// A DecodeError says why an event is not taken. It quotes keys of the event but
// no value, for those may hold secrets. Both clouds report its type's name.
type DecodeError struct {
	text string
}

// Error returns one line of at most 2 KiB.
func (e *DecodeError) Error() string { return "decoding event: " + e.text }

// refuse says that the event is of no kind that is taken.
func refuse(what ...string) *DecodeError {
	return &DecodeError{strings.Join(what, "") + "; " + taken}
}
