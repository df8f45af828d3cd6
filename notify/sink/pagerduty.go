package sink

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// NewPagerDuty returns Events API v2 with the key of one integration
// (developer.pagerduty.com/docs/events-api-v2-overview). The kind of a message
// is its event_action, or "change"; its id is that of the alert and the action,
// so that an event that repeats what an open alert already says is a duplicate.
func NewPagerDuty(routingKey string, o *Options) *Sink {
	alerts := &pagerAlerts{open: map[string]bool{}, count: map[string]int{}}
	return newSink(vendor{
		ok:        reply{http.StatusAccepted, "application/json", `{"status":"success","message":"Event processed","dedup_key":"srv01/HTTP"}`},
		throttled: pagerReply(http.StatusTooManyRequests, "throttle exceeded", "Requests for this service are arriving too quickly."),
		read: func(r *http.Request, body []byte, _ time.Time) (Message, *reply) {
			var e pagerEvent
			if json.Unmarshal(body, &e) != nil {
				return pagerRefusal("Unrecognized object", "Event object format is unrecognized", "JSON parse error")
			}
			if e.Key != routingKey {
				return pagerRefusal("invalid event", "Event object is invalid", "Invalid routing key")
			}
			var faults []string
			switch r.URL.Path {
			case "/v2/enqueue":
				faults = e.alertFaults()
			case "/v2/change/enqueue":
				e.Action, faults = "change", e.Payload.faults()
			default:
				a := pagerReply(http.StatusNotFound, "not found", "Not Found")
				return Message{}, &a
			}
			if len(body) > 512<<10 {
				faults = append(faults, "Event size exceeds 512 KB")
			}
			if len(faults) > 0 {
				return pagerRefusal("invalid event", "Event object is invalid", faults...)
			}
			var pretty bytes.Buffer
			_ = json.Indent(&pretty, bytes.Replace(body, []byte(routingKey), []byte("***"), 1), "", "  ")
			return Message{Kind: e.Action, ID: alerts.id(e.Action, e.DedupKey), Text: pretty.String()}, nil
		},
	}, o)
}

type pagerEvent struct {
	Key      string `json:"routing_key"`
	Action   string `json:"event_action"`
	DedupKey string `json:"dedup_key"`
	Links    []struct {
		Href string `json:"href"`
	} `json:"links"`
	Payload pagerPayload `json:"payload"`
}

type pagerPayload struct {
	Summary   string         `json:"summary"`
	Source    string         `json:"source"`
	Severity  string         `json:"severity"`
	Timestamp string         `json:"timestamp"`
	Details   map[string]any `json:"custom_details"`
}

func (e pagerEvent) alertFaults() []string {
	var faults []string
	if utf8.RuneCountInString(e.DedupKey) > 255 {
		faults = append(faults, "Length of 'dedup_key' is incorrect (should be less than 255 characters)")
	}
	for _, l := range e.Links {
		if !strings.HasPrefix(l.Href, "http") {
			faults = append(faults, "'href' must be a URL")
		}
	}
	switch e.Action {
	case "trigger":
		faults = append(faults, e.Payload.faults()...)
		if !slices.Contains([]string{"critical", "error", "warning", "info"}, e.Payload.Severity) {
			faults = append(faults, "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')")
		}
		if e.Payload.Source == "" {
			faults = append(faults, "'payload.source' is missing or blank")
		}
	case "resolve", "acknowledge":
		if e.DedupKey == "" {
			faults = append(faults, "'dedup_key' is missing or blank")
		}
	default:
		faults = append(faults, "'event_action' is invalid")
	}
	return faults
}

func (p pagerPayload) faults() []string {
	var faults []string
	if strings.TrimSpace(p.Summary) == "" {
		faults = append(faults, "'payload.summary' is missing or blank")
	}
	if utf8.RuneCountInString(p.Summary) > 1024 {
		faults = append(faults, "Length of 'payload.summary' is incorrect (should be less than 1024 characters)")
	}
	if _, err := time.Parse(time.RFC3339Nano, p.Timestamp); p.Timestamp != "" && err != nil {
		faults = append(faults, "'payload.timestamp' is invalid")
	}
	return faults
}

// pagerAlerts are the alerts: which are open, and how often each key had one.
type pagerAlerts struct {
	mu    sync.Mutex
	open  map[string]bool
	count map[string]int
}

// id does what the event says and returns its id, "" where nothing has one.
func (a *pagerAlerts) id(action, key string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch action {
	case "trigger":
		if !a.open[key] {
			a.open[key] = true
			a.count[key]++
		}
	case "resolve":
		a.open[key] = false
	default:
		return ""
	}
	return fmt.Sprintf("%s %s#%d", action, key, a.count[key])
}

func pagerRefusal(status, text string, faults ...string) (Message, *reply) {
	a := pagerReply(http.StatusBadRequest, status, text, faults...)
	return Message{}, &a
}

func pagerReply(code int, status, text string, faults ...string) reply {
	f := PagerDutyFault(code, status, text, faults...)
	return reply{f.Status, "application/json", f.Body}
}

// PagerDutyFault returns the fault that the API refuses with the HTTP code.
func PagerDutyFault(code int, status, text string, faults ...string) Fault {
	b, _ := json.Marshal(struct {
		Status  string   `json:"status"`
		Message string   `json:"message"`
		Errors  []string `json:"errors,omitempty"`
	}{status, text, faults})
	return Fault{Status: code, Body: string(b)}
}
