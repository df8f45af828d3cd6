package events

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// The sources of a [Batch].
const (
	AWSQueue  = "aws.sqs"
	SCFCKafka = "scf.ckafka"
)

// maxMessages bounds a batch. SQS hands on at most 10,000 messages,
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html.
const maxMessages = 10_000

// A Batch is what a queue hands on, at least one message.
type Batch struct {
	Source string // [AWSQueue] or [SCFCKafka]
	Name   string // the queue's ARN, or the topic

	Messages []Message
}

// A Message is one of a batch. Its body has to be a direct call.
type Message struct {
	// ID is the platform's id of the message. CKafka gives none: there it is
	// topic/partition/offset.
	ID string

	// Accounts are the ids to check, each once, nil for all.
	Accounts []string

	// Sweep is nil but for a batch that a run handed to a worker.
	Sweep *Part

	// Tell says that it is time to tell what is owed, and not for a check.
	Tell bool

	// Err is why the message is not taken, a [*DecodeError], else nil.
	Err error
}

// record is a message as either queue hands it on.
type record struct {
	EventSource    string `json:"eventSource"`
	EventSourceARN string `json:"eventSourceARN"`
	MessageID      string `json:"messageId"`
	Body           string `json:"body"`
	Ckafka         *struct {
		Topic     string `json:"topic"`
		Partition int64  `json:"partition"`
		Offset    int64  `json:"offset"`
		Body      string `json:"msgBody"`
	}
}

// decodeBatch reads the records of one queue. A message that is wrong is not
// the batch's error.
func decodeBatch(o *object) (Event, *DecodeError) {
	d := json.NewDecoder(bytes.NewReader(o.fields["Records"]))
	if t, err := d.Token(); err != nil || t != json.Delim('[') || !d.More() {
		return nil, o.unknown()
	}
	var b Batch
	for d.More() {
		var rec record
		err := d.Decode(&rec)
		m, source, name := rec.message()
		switch {
		case len(b.Messages) == 0:
			b.Source, b.Name = source, name
		case len(b.Messages) == maxMessages:
			return nil, &DecodeError{fmt.Sprintf("a batch (%s) has over %d messages", b.Source, maxMessages)}
		}
		switch {
		case err != nil, source == "", source != b.Source:
			return nil, o.unknown()
		case m.ID == "":
			return nil, &DecodeError{fmt.Sprintf("a batch (%s): Records[%d] has no messageId", source, len(b.Messages))}
		}
		b.Messages = append(b.Messages, m)
	}
	return b, nil
}

// message reads the record; source is "" for one that no queue here makes.
func (r *record) message() (m Message, source, name string) {
	body := r.Body
	switch k := r.Ckafka; {
	case k != nil:
		source, name, body = SCFCKafka, k.Topic, k.Body
		m.ID = fmt.Sprintf("%s/%d/%d", k.Topic, k.Partition, k.Offset)
	case r.EventSource == "aws:sqs":
		source, name, m.ID = AWSQueue, r.EventSourceARN, r.MessageID
	}
	call, err := decodeMessage(body)
	switch d := call.(type) {
	case Direct:
		m.Accounts, m.Sweep = d.Accounts, d.Sweep
	case Tell:
		m.Tell = true
	}
	if err != nil {
		m.Err = err
	}
	return m, source, name
}

func decodeMessage(body string) (Event, *DecodeError) {
	call, err := parseObject([]byte(body))
	if err != nil {
		return nil, &DecodeError{"the message " + err.Error()}
	}
	d, refused := decodeDirect(&call)
	if refused != nil {
		return nil, &DecodeError{"the message: " + refused.text}
	}
	return d, nil
}

// Answer returns SQS's partial answer to the batch: the ids of the messages
// that it is to deliver again, none for none. The queue's trigger must be set
// to ReportBatchItemFailures, else SQS takes any answer for success. CKafka has
// no such answer: there an error delivers the whole batch again.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
func (b *Batch) Answer(failed []string) ([]byte, error) {
	type item struct {
		ID string `json:"itemIdentifier"`
	}
	items := make([]item, len(failed))
	for i, id := range failed {
		items[i].ID = id
	}
	return json.Marshal(map[string]any{"batchItemFailures": items})
}
