package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// formNames are what the page calls its forms.
var formNames = map[string]string{
	"edition": "Edition", "json": "Edition as JSON", "purchase": "Purchase state", "faults": "Faults", "timeline": "Timeline",
}

// postAccountPage does what a button of the page says.
func (e *Emulator) postAccountPage(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	id, what := r.PathValue("id"), r.PostFormValue("do")
	set := map[string]func(string, *http.Request) error{
		"edition": e.editionForm, "json": e.jsonForm, "purchase": e.purchaseForm,
		"faults": e.faultsForm, "timeline": e.timelineForm,
	}[what]
	if set == nil {
		e.writeAccountPage(w, r, http.StatusBadRequest, nil, errors.New("there is no such button"))
		return
	}
	if what == "timeline" && r.PostFormValue("example") != "" {
		e.writeAccountPage(w, r, http.StatusOK, map[string]string{"timeline": itemALine(e.licenceEnd())}, nil)
		return
	}
	if err := set(id, r); err != nil {
		drafts := map[string]string{}
		for name := range r.PostForm {
			drafts[name] = r.PostFormValue(name)
		}
		e.writeAccountPage(w, r, http.StatusBadRequest, drafts, fmt.Errorf("%s: %w", formNames[what], err))
		return
	}
	switch {
	case what == "json":
		what = "edition"
	case what == "faults" && r.PostFormValue("clear") != "":
		what = "cleared"
	}
	done(w, r, what)
}

// editionForm sets the fields of the form that were changed on it. Its texts
// become the types that the API documents where they can.
func (e *Emulator) editionForm(id string, r *http.Request) error {
	changes := Edition{}
	for _, name := range editionFields {
		was, told := r.PostForm["was-"+name]
		if is, ok := r.PostForm[name]; ok && !(told && oneLine(is[0]) == oneLine(was[0])) {
			changes[name] = typed(name, strings.TrimSpace(r.PostFormValue(name)))
		}
	}
	return e.SetEdition(id, changes)
}

// oneLine is a text as a browser has it in a field of one line.
func oneLine(s string) string { return strings.NewReplacer("\r", "", "\n", "").Replace(s) }

// typed is a text of a form as a value of a field: null for nothing, numbers
// and booleans where the API has them, and a text where it is none of them.
func typed(name, text string) any {
	switch name {
	case "CoresCnt", "MaxPostPayCoresCnt":
		if v := json.Number(text); json.Valid([]byte(text)) && strings.Trim(text, "+-.0123456789eE") == "" {
			return v
		}
	case "IsPurchased":
		if text == "true" || text == "false" {
			return text == "true"
		}
	}
	if text == "" {
		return nil
	}
	return text
}

func (e *Emulator) jsonForm(id string, r *http.Request) error {
	ed, err := decode[Edition]([]byte(r.PostFormValue("json")))
	if err != nil {
		return err
	}
	return e.ReplaceEdition(id, ed)
}

func (e *Emulator) purchaseForm(id string, r *http.Request) error {
	if r.PostFormValue("derive") != "" {
		return e.SetPurchaseState(id, nil)
	}
	p, err := decode[PurchaseState]([]byte(r.PostFormValue("purchase")))
	if err != nil {
		return err
	}
	return e.SetPurchaseState(id, p)
}

// faultsForm replaces the faults, with one more at the end if a preset was
// pressed.
func (e *Emulator) faultsForm(id string, r *http.Request) error {
	if r.PostFormValue("clear") != "" {
		return e.SetFaults(id)
	}
	faults, err := decodeItems[Fault]([]byte(r.PostFormValue("faults")))
	if err != nil {
		return err
	}
	if more := r.PostFormValue("add"); more != "" {
		f, err := decode[Fault]([]byte(more))
		if err != nil {
			return err
		}
		faults = append(slices.Clone(faults), f)
	}
	return e.SetFaults(id, faults...)
}

func (e *Emulator) timelineForm(id string, r *http.Request) error {
	moments, err := decodeItems[Moment]([]byte(r.PostFormValue("timeline")))
	if err != nil {
		return err
	}
	return e.SetTimeline(id, moments...)
}

// licenceEnd is a timeline from now on: a month that is paid for, its end, and
// a renewal a week later. The texts are in Beijing time, as the service's are
// taken to be.
func (e *Emulator) licenceEnd() []Moment {
	now := e.Clock().Now.Truncate(time.Second).In(time.FixedZone("", 8*60*60))
	end := now.AddDate(0, 1, 0)
	at := func(t time.Time) string { return t.Format(time.DateTime) }
	return []Moment{
		{now, Edition{"BuyStatus": "Normal", "IsPurchased": true, "StartTime": at(now), "EndTime": at(end)}},
		{end, Edition{"BuyStatus": "Isolate"}},
		{end.AddDate(0, 0, 7), Edition{"BuyStatus": "Normal", "EndTime": at(end.AddDate(0, 1, 0))}},
	}
}
