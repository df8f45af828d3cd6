package tcss

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"prowatch/watch"
)

// readPurchaseState completes a reading that has no end with what
// DescribePurchaseStateInfo says. Where that fails the whole check has failed:
// half a reading would look like an end that vanished.
func (c *Client) readPurchaseState(ctx context.Context, r *watch.Reading) *watch.Failure {
	response, f := c.call(ctx, actionPurchaseState, nil)
	if f == nil {
		f = decodePurchaseState(response, &r.Edition)
	}
	if f == nil {
		return nil
	}
	f.Message = actionPurchaseState + ": " + f.Message
	return tidy(f)
}

// decodePurchaseState takes ExpirationTime and AutomaticRenewal out of the
// Response of DescribePurchaseStateInfo, as strictly as [watch.DecodeReading]
// takes its fields. Null and missing ones leave e as it is.
func decodePurchaseState(response json.RawMessage, e *watch.Edition) *watch.Failure {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(response, &fields); err != nil {
		return &watch.Failure{Class: watch.Unreadable, Message: "the Response is no JSON object"}
	}
	end, err := expirationTime(fields["ExpirationTime"])
	if err == nil {
		e.EndTime = end
		e.AutoRenewal, err = autoRenewal(fields["AutomaticRenewal"])
	}
	if err != nil {
		return &watch.Failure{Class: watch.Unreadable, Message: err.Error(), RequestID: text(fields["RequestId"])}
	}
	return nil
}

func expirationTime(v json.RawMessage) (string, error) {
	if absent(v) {
		return "", nil
	}
	var s string
	if json.Unmarshal(v, &s) != nil {
		return "", fmt.Errorf("ExpirationTime is no string: %.80s", v)
	}
	t, err := watch.ParseTime(s, time.UTC)
	switch {
	case err != nil:
		return "", fmt.Errorf("ExpirationTime: %w", err)
	case t.IsZero():
		return "", nil
	}
	return s, nil
}

// autoRenewal reads 0 never set, 1 on, 2 switched off. Never set is off: the
// account will not be renewed.
func autoRenewal(v json.RawMessage) (string, error) {
	if absent(v) {
		return "", nil
	}
	switch string(v) {
	case "0", "2":
		return "off", nil
	case "1":
		return "on", nil
	}
	return "", errors.New("AutomaticRenewal is none of 0, 1 and 2: " + oneLine(string(v), maxExcerpt))
}
