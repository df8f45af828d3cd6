package watch

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Status is the API's BuyStatus.
type Status string

// The three values of BuyStatus; the API has no others.
const (
	Pending Status = "Pending" // to be purchased
	Normal  Status = "Normal"  // purchased
	Isolate Status = "Isolate" // lapsed, isolated
)

// TimeLayout is how the API writes a time. It names no zone.
const TimeLayout = "2006-01-02 15:04:05"

// maxText bounds what is remembered of one text of an answer, in bytes.
const maxText = 256

// Edition is what the API says of an account's Pro Edition, with the API's own
// field names. Times are the API's text, "" where absent.
//
// No two fields are linked: the API's documented example starts after its end,
// and is Normal though never purchased.
type Edition struct {
	Status             Status `json:"BuyStatus"`
	StartTime          string `json:"StartTime,omitempty"`
	EndTime            string `json:"EndTime,omitempty"`
	ResourceID         string `json:"ResourceId,omitempty"`
	CoresCnt           uint64 `json:"CoresCnt"`           // cores still to be purchased
	MaxPostPayCoresCnt uint64 `json:"MaxPostPayCoresCnt"` // upper limit of elastic billing, cores
	IsPurchased        bool   `json:"IsPurchased"`        // ever purchased

	// AutoRenewal is "on", "off" or, where nobody asked, "".
	AutoRenewal string `json:"AutoRenewal,omitempty"`
}

// Reading is one readable answer of the API.
type Reading struct {
	Edition
	RequestID string
}

// DecodeReading reads the Response object of DescribeProVersionInfo.
//
// It is strict: a field of a wrong JSON type, a BuyStatus that is none of the
// three, a negative or broken count or a malformed time is an error, for what
// cannot be read must never look like a change. Null, a missing field, "" and
// "0000-00-00 00:00:00" are all absent, and an absent count is 0. Unknown
// fields are ignored. The error is a [*Failure] of class [Unreadable].
func DecodeReading(response []byte) (Reading, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(response, &fields); err != nil || fields == nil {
		return Reading{}, unreadable("", errors.New("the Response is no JSON object"))
	}
	d := decoder{fields: fields}
	r := Reading{RequestID: d.text("RequestId")}
	r.Status = Status(d.text("BuyStatus"))
	r.StartTime = d.time("StartTime")
	r.EndTime = d.time("EndTime")
	r.ResourceID = d.text("ResourceId")
	r.CoresCnt = d.count("CoresCnt")
	r.MaxPostPayCoresCnt = d.count("MaxPostPayCoresCnt")
	r.IsPurchased = d.flag("IsPurchased")
	switch r.Status {
	case Pending, Normal, Isolate:
	default:
		d.bad("BuyStatus", "is none of Pending, Normal and Isolate")
	}
	if d.err != nil {
		return Reading{}, unreadable(r.RequestID, d.err)
	}
	return r, nil
}

func unreadable(requestID string, err error) *Failure {
	return &Failure{Class: Unreadable, Message: err.Error(), RequestID: requestID}
}

// ParseTime reads a time of the API in zone. An absent one ("" and the zero
// date) is the zero time.
func ParseTime(text string, zone *time.Location) (time.Time, error) {
	if absent(text) {
		return time.Time{}, nil
	}
	if len(text) != len(TimeLayout) {
		return time.Time{}, fmt.Errorf("%.40q is no time as 2006-01-02 15:04:05", text)
	}
	t, err := time.ParseInLocation(TimeLayout, text, zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("%.40q is no time as 2006-01-02 15:04:05", text)
	}
	return t, nil
}

// absent reports whether the API gave no time.
func absent(text string) bool { return text == "" || text == "0000-00-00 00:00:00" }

// decoder takes fields out of a JSON object and keeps the first fault.
type decoder struct {
	fields map[string]json.RawMessage
	err    error
}

func (d *decoder) bad(field, why string) {
	if d.err == nil {
		d.err = fmt.Errorf("%s %s: %.80s", field, why, d.fields[field])
	}
}

// raw returns the field's JSON, nil where it is missing or null.
func (d *decoder) raw(field string) json.RawMessage {
	if v := d.fields[field]; string(v) != "null" {
		return v
	}
	return nil
}

func (d *decoder) text(field string) (s string) {
	v := d.raw(field)
	switch {
	case v == nil:
	case json.Unmarshal(v, &s) != nil:
		d.bad(field, "is no string")
	case len(s) > maxText:
		d.bad(field, "is too long")
	}
	return s
}

func (d *decoder) time(field string) string {
	s := d.text(field)
	if absent(s) {
		return ""
	}
	if _, err := ParseTime(s, time.UTC); err != nil {
		d.bad(field, "is no time as 2006-01-02 15:04:05")
	}
	return s
}

func (d *decoder) count(field string) uint64 {
	v := d.raw(field)
	if v == nil {
		return 0
	}
	n, err := strconv.ParseUint(string(v), 10, 63)
	if err != nil {
		d.bad(field, "is no whole number from 0")
	}
	return n
}

func (d *decoder) flag(field string) (b bool) {
	if v := d.raw(field); v != nil && json.Unmarshal(v, &b) != nil {
		d.bad(field, "is neither true nor false")
	}
	return b
}
