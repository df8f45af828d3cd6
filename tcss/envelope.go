package tcss

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"prowatch/watch"
)

// maxExcerpt is how much of a foreign body a failure quotes, in bytes.
const maxExcerpt = 80

// decodeEnvelope takes the Response object out of an answer. It returns the
// object or a failure, never both: the API's own error, in the present
// envelope or that of API 2.0; unreadable where there is a Response that is no
// object, or has an Error without a code; unavailable where the body is no
// envelope of the API at all, {} and {"Response":null} included.
//
// The API answers 200 to whatever it processed, errors too
// (https://cloud.tencent.com/document/api/628/45176), so a Response without an
// Error at another status is not its own word.
func decodeEnvelope(status int, body []byte) (json.RawMessage, *watch.Failure) {
	var top map[string]json.RawMessage
	if json.Unmarshal(body, &top) != nil {
		return nil, noAnswer(status, body)
	}
	response := top["Response"]
	if absent(response) {
		if f := decodeLegacy(top); f != nil {
			return nil, f
		}
		return nil, noAnswer(status, body)
	}
	if f := decodeError(response); f != nil {
		return nil, f
	}
	if status != http.StatusOK {
		return nil, unavailable(fmt.Sprintf("HTTP %d, with an answer that names no error", status))
	}
	return response, nil
}

// decodeError returns the failure that the Response object tells, nil if none.
func decodeError(response json.RawMessage) *watch.Failure {
	var fields map[string]json.RawMessage
	if json.Unmarshal(response, &fields) != nil {
		return &watch.Failure{Class: watch.Unreadable, Message: "the Response is no JSON object"}
	}
	if absent(fields["Error"]) {
		return nil
	}
	f := &watch.Failure{Class: watch.Unreadable, Message: "the Response holds an Error without a Code"}
	f.RequestID = text(fields["RequestId"])
	var fault map[string]json.RawMessage
	if json.Unmarshal(fields["Error"], &fault) != nil || text(fault["Code"]) == "" {
		return f
	}
	f.Code = text(fault["Code"])
	f.Class = watch.ClassOf(f.Code)
	f.Message = text(fault["Message"])
	return f
}

// decodeLegacy reads {"code":4102,"message":"…","codeDesc":"AuthFailure"}, the
// envelope of API 2.0, which gateways still write. It returns nil for any other.
func decodeLegacy(top map[string]json.RawMessage) *watch.Failure {
	var code int64
	if json.Unmarshal(top["code"], &code) != nil || code == 0 {
		return nil
	}
	name := text(top["codeDesc"])
	if name == "" {
		name = strconv.FormatInt(code, 10)
	}
	return &watch.Failure{Class: watch.ClassOf(name), Code: name, Message: text(top["message"])}
}

// noAnswer is the failure of a body that the API did not write: a gateway's or
// a proxy's page, or a cut one.
func noAnswer(status int, body []byte) *watch.Failure {
	excerpt := "the body is empty"
	if len(body) > 0 {
		excerpt = strconv.Quote(oneLine(string(body[:min(len(body), 4*maxExcerpt)]), maxExcerpt))
	}
	return unavailable(fmt.Sprintf("HTTP %d, no API answer: %s", status, excerpt))
}

func absent(v json.RawMessage) bool { return v == nil || string(v) == "null" }

// text returns a JSON string, "" for anything else.
func text(v json.RawMessage) string {
	var s string
	if json.Unmarshal(v, &s) != nil {
		return ""
	}
	return s
}
