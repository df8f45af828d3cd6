package telegram

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"prowatch/notify"
	"prowatch/watch"
)

// answer is what the bot API answers
// (core.telegram.org/bots/api#making-requests).
type answer struct {
	OK          *bool  `json:"ok"`
	Code        int    `json:"error_code"`
	Description string `json:"description"`
	Parameters  struct {
		RetryAfter int64       `json:"retry_after"` // seconds
		MigrateTo  json.Number `json:"migrate_to_chat_id"`
	} `json:"parameters"`
	Result struct {
		ID json.Number `json:"message_id"`
	} `json:"result"`
}

// longestWait bounds retry_after, as Retry-After is bounded.
const longestWait = 6 * time.Hour

// judge holds the answer against the proof: HTTP 200 and ok true.
func judge(a notify.Answer) (watch.Outcome, answer) {
	var said answer
	if json.Unmarshal(a.Body, &said) != nil {
		said = answer{}
	}
	if said.OK != nil && !*said.OK && said.Code != 0 {
		return a.Apply(said.verdict(), strconv.Itoa(said.Code), said.Description), said
	}
	if out, refused := a.Refusal(); refused {
		return out, answer{}
	}
	if a.Status != http.StatusOK || said.OK == nil || !*said.OK {
		return a.Unproved("ok true"), answer{}
	}
	proof := "delivered"
	if said.Result.ID != "" {
		proof += ", message " + said.Result.ID.String()
	}
	return a.Outcome(watch.Sent, "", proof), said
}

// verdict says what a refusal means, by its code and, for 400 and 403, by what
// is known of its text (github.com/TelegramBotAPI/errors).
func (a answer) verdict() notify.Verdict {
	permanent := func(reason string) notify.Verdict {
		return notify.Verdict{Result: watch.Permanent, Reason: reason}
	}
	switch {
	case a.Code == http.StatusTooManyRequests:
		wait := min(a.Parameters.RetryAfter, int64(longestWait/time.Second))
		return notify.Verdict{Result: watch.Retry, After: time.Duration(wait) * time.Second, Reason: "too many messages"}
	case a.Code/100 == 5:
		return notify.Verdict{Result: watch.Retry, Reason: "the service is unavailable for now"}
	case a.Code == http.StatusUnauthorized:
		return permanent("the token is not valid, or was revoked: set the one that @BotFather shows")
	case a.Code == http.StatusNotFound:
		return permanent("there is no such bot: check that the token was copied whole")
	case a.says("chat not found"):
		return permanent("the bot cannot see this chat: check chat_id, and add the bot to the chat")
	case a.says("bot was blocked by the user"):
		return permanent("the user blocked the bot: they must unblock it")
	case a.says("bot can't initiate conversation"):
		return permanent("a bot must not speak first: the user must send it /start")
	case a.Code == http.StatusForbidden:
		return permanent("the bot may not write there: add it to the chat again, with the right to post")
	case a.says("not enough rights"), a.says("write access"), a.says("right to send"), a.says("CHAT_WRITE_FORBIDDEN"):
		return permanent("the bot may not write there: give it the right to post")
	case a.Parameters.MigrateTo != "":
		return permanent("the group has a new id: set chat_id")
	}
	return permanent("refused")
}

func (a answer) says(text string) bool { return strings.Contains(a.Description, text) }

// refusesForm reports whether another form of the same text may be taken.
func (a answer) refusesForm() bool {
	return a.Code == http.StatusBadRequest && (a.says("can't parse entities") || a.says("message is too long") || a.says("ENTITIES_TOO_LONG"))
}
