package emulator

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// accountPage is where an account is edited. Drafts are what was typed and
// could not be taken, by field.
type accountPage struct {
	frame
	ID                      string
	Status                  label
	Fields                  []field
	JSON, Purchase          string
	Asked                   bool // there is a scenario to download
	Faults, Timeline        string
	FaultRows, TimelineRows int
	Presets                 []preset
	Drafts                  map[string]string
}

// field is one of the edition. With options it is chosen from them.
type field struct {
	Name, Value, Hint string
	Was               string // the value that is set
	Options           []choice
}

// preset is a button that adds a fault.
type preset struct{ Label, Fault string }

var presets = []preset{
	{"Internal error", `{"code": "InternalError"}`},
	{"Rate limit ×3", `{"code": "RequestLimitExceeded", "times": 3}`},
	{"Not authorised, until cleared", `{"code": "AuthFailure.UnauthorizedOperation", "times": 0}`},
	{"Role missing", `{"code": "InternalError.ErrRoleNotExist"}`},
	{"503", `{"http": 503, "body": "busy"}`},
	{"HTML page", `{"body": "<html>Bad gateway</html>"}`},
	{"Close the connection", `{"drop": true}`},
	{"Cut short", `{"cut": true}`},
	{"2 s late", `{"delay": "2s"}`},
	{"One in five fails", `{"code": "InternalError", "chance": 0.2, "seed": 1, "times": 0}`},
}

func (e *Emulator) getAccountPage(w http.ResponseWriter, r *http.Request) {
	e.writeAccountPage(w, r, http.StatusOK, nil, nil)
}

func (e *Emulator) writeAccountPage(w http.ResponseWriter, r *http.Request, status int, drafts map[string]string, problem error) {
	id := r.PathValue("id")
	ed, err := e.Edition(id)
	if err != nil {
		writeAdmin(w, nil, err)
		return
	}
	p := accountPage{frame: e.frame(r, id, "account"), ID: id, Status: statusLabel(ed), Presets: presets, Drafts: drafts}
	if problem != nil {
		p.Problem = problem.Error()
	}
	state := e.State().Accounts[id]
	purchase, _ := e.PurchaseState(id)
	p.Fields, p.Asked = editionForm(ed, drafts), e.WriteScenario(io.Discard, id) == nil
	p.JSON = draftOr(drafts, "json", pretty(ed))
	p.Purchase = draftOr(drafts, "purchase", pretty(purchase))
	p.Faults = draftOr(drafts, "faults", itemALine(state.Faults))
	p.Timeline = draftOr(drafts, "timeline", itemALine(state.Timeline))
	p.FaultRows, p.TimelineRows = textRows(p.Faults), textRows(p.Timeline)
	writePage(w, status, "account.html", p)
}

func draftOr(drafts map[string]string, name, otherwise string) string {
	if d, ok := drafts[name]; ok {
		return d
	}
	return otherwise
}

func textRows(s string) int { return min(14, max(4, strings.Count(s, "\n")+2)) }

func pretty(v any) string {
	b, err := json.MarshalIndent(json.RawMessage(encode(v)), "", "  ")
	if err != nil {
		return ""
	}
	return string(b)
}

// itemALine is a JSON list with a line for each of its items.
func itemALine[T any](items []T) string {
	if len(items) == 0 {
		return "[]"
	}
	var lines []string
	for _, item := range items {
		lines = append(lines, "  "+spaced(encode(item)))
	}
	return "[\n" + strings.Join(lines, ",\n") + "\n]"
}

// editionForm are the documented fields as one edits them.
func editionForm(ed Edition, drafts map[string]string) []field {
	options := map[string][]choice{
		"BuyStatus":   {{Value: "Normal", Label: "Normal: purchased"}, {Value: "Isolate", Label: "Isolate: isolated"}, {Value: "Pending", Label: "Pending: to be purchased"}},
		"IsPurchased": {{Value: "true", Label: "true"}, {Value: "false", Label: "false"}},
	}
	hints := map[string]string{"StartTime": "YYYY-MM-DD HH:MM:SS", "EndTime": "YYYY-MM-DD HH:MM:SS"}
	var form []field
	for _, name := range []string{"BuyStatus", "EndTime", "StartTime", "CoresCnt", "MaxPostPayCoresCnt", "ResourceId", "IsPurchased"} {
		f := field{Name: name, Value: draftOr(drafts, name, shown(ed[name])), Hint: hints[name], Was: shown(ed[name])}
		if o := options[name]; o != nil {
			f.Options = choose(o, f.Value, f.Value)
			if f.Value == "" {
				f.Options[len(f.Options)-1].Label = "null"
			}
		}
		form = append(form, f)
	}
	return form
}
