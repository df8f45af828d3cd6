package slack

import (
	"net/http"
	"strings"

	"prowatch/notify"
	"prowatch/watch"
)

// proof is the body of the answer that says a message was posted.
const proof = "ok"

// verdicts are what the texts mean that Slack refuses with. Those of the change
// of 2016 are documented (api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks),
// the others are from the webhooks' page and public reports. The HTTP status
// that goes with a text has varied; the text decides.
var verdicts = map[string]notify.Verdict{
	"no_service":      {Result: watch.Permanent, Reason: removed},
	"no_service_id":   {Result: watch.Permanent, Reason: removed},
	"no_active_hooks": {Result: watch.Permanent, Reason: removed},
	"invalid_token":   {Result: watch.Permanent, Reason: removed},
	"no_team":         {Result: watch.Permanent, Reason: "there is no such workspace: check the url"},
	"team_disabled":   {Result: watch.Permanent, Reason: "the workspace is disabled: set the url of another one"},

	"channel_not_found":   {Result: watch.Permanent, Reason: "the channel is gone or the webhook may not see it: make a webhook for another channel and set its url"},
	"channel_is_archived": {Result: watch.Permanent, Reason: "the channel is archived: unarchive it, or make a webhook for another one and set its url"},
	"user_not_found":      {Result: watch.Permanent, Reason: "the user that the webhook writes to is gone: make a webhook for a channel and set its url"},
	"action_prohibited":   {Result: watch.Permanent, Reason: "an administrator has restricted the webhook: ask for it to be allowed"},
	"posting_to_general_channel_denied": {
		Result: watch.Permanent, Reason: "the webhook may not post to #general: make one for another channel and set its url"},

	"invalid_payload":       {Result: watch.Permanent, Reason: "the message is refused as malformed: check for a newer prowatch"},
	"no_text":               {Result: watch.Permanent, Reason: "the message is refused as empty: check for a newer prowatch"},
	"invalid_blocks":        {Result: watch.Permanent, Reason: "the layout is refused: check for a newer prowatch"},
	"invalid_blocks_format": {Result: watch.Permanent, Reason: "the layout is refused: check for a newer prowatch"},
	"msg_blocks_too_long":   {Result: watch.Permanent, Reason: "the message is too long"},
	"msg_too_long":          {Result: watch.Permanent, Reason: "the message is too long"},

	"rollup_error": {Result: watch.Retry, Reason: "the service is in trouble"},
	"rate_limited": {Result: watch.Retry, Reason: "too many messages"},
	"ratelimited":  {Result: watch.Retry, Reason: "too many messages"},
}

const removed = "the webhook was removed, or its url is wrong: add the incoming webhook again and set its url"

// blocksRefused are the refusals that the plain text may get past.
var blocksRefused = map[string]bool{
	"invalid_blocks": true, "invalid_blocks_format": true, "msg_blocks_too_long": true, "msg_too_long": true,
}

// judge judges an answer: the proof is HTTP 200 and the body "ok".
func judge(a notify.Answer) watch.Outcome {
	said := strings.TrimSpace(string(a.Body))
	if said == proof && a.Status == http.StatusOK {
		return a.Outcome(watch.Sent, "", `delivered, answered "ok"`)
	}
	if v, known := verdicts[said]; known {
		return a.Apply(v, said, "")
	}
	if out, refused := a.Refusal(); refused {
		return out
	}
	return a.Unproved(`the body "ok"`)
}
