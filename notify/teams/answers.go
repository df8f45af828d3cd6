package teams

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"

	"prowatch/notify"
	"prowatch/watch"
)

// codeLarge is the flow's word for a request that it finds too large.
const codeLarge = "RequestEntityTooLarge"

// verdicts are what the codes mean that a flow refuses with. The vendor has no
// list; these are from public reports.
var verdicts = map[string]notify.Verdict{
	"WorkflowTriggerIsNotEnabled":         {Result: watch.Permanent, Reason: "the flow is turned off: turn it on in the Workflows app"},
	"WorkflowNotFound":                    {Result: watch.Permanent, Reason: "the flow was removed: make a new one and set its url"},
	"WorkflowTriggerNotFound":             {Result: watch.Permanent, Reason: "the flow has another trigger now: copy its url again"},
	"DirectApiAuthorizationRequired":      {Result: watch.Permanent, Reason: "the flow wants a sign-in: copy its url whole, with sig, and let anyone trigger it"},
	"DirectApiInvalidAuthorizationScheme": {Result: watch.Permanent, Reason: "the flow wants a sign-in: copy its url whole, with sig, and let anyone trigger it"},
	"AuthorizationFailed":                 {Result: watch.Permanent, Reason: "the sig in the url is wrong: copy the flow's url again"},
	"MissingApiVersionParameter":          {Result: watch.Permanent, Reason: "the url is cut: copy it whole, in quotes where a shell would cut it at &"},
	"TriggerInputSchemaMismatch":          {Result: watch.Permanent, Reason: "the flow wants another body: make it from the template \"Send webhook alerts to a channel\""},
	codeLarge:                             {Result: watch.Permanent, Reason: "the message is too large for the flow"},
}

// judge judges an answer. Any 2xx is the flow's word that it queued the
// message, unless it is a page, which is not the flow's.
func judge(a notify.Answer) watch.Outcome {
	if a.Status/100 == 2 {
		if bytes.HasPrefix(bytes.TrimSpace(a.Body), []byte("<")) {
			return a.Unproved("HTTP 202")
		}
		return a.Outcome(watch.Accepted, "", "queued by the flow, HTTP "+strconv.Itoa(a.Status)+"; whether it was posted stands in the flow's run history alone")
	}
	var fault struct{ Code string }
	if a.Status >= http.StatusBadRequest && json.Unmarshal(a.Fields()["error"], &fault) == nil {
		if v, known := verdicts[fault.Code]; known {
			return a.Apply(v, fault.Code, "")
		}
	}
	out, _ := a.Refusal()
	return out
}
