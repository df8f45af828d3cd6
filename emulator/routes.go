package emulator

import "net/http"

// adminRoutes are the operations of the admin API. Each is one of the Go
// methods with JSON around it.
func (e *Emulator) adminRoutes() []adminRoute {
	return []adminRoute{
		{"GET", "accounts", e.getAccounts},
		{"GET", "accounts/{id}/edition", e.getEdition},
		{"PUT", "accounts/{id}/edition", e.putEdition},
		{"GET", "accounts/{id}/purchase-state", e.getPurchaseState},
		{"PUT", "accounts/{id}/purchase-state", e.putPurchaseState},
		{"DELETE", "accounts/{id}/purchase-state", e.deletePurchaseState},
		{"GET", "accounts/{id}/timeline", e.getTimeline},
		{"PUT", "accounts/{id}/timeline", e.putTimeline},
		{"DELETE", "accounts/{id}/timeline", e.deleteTimeline},
		{"GET", "accounts/{id}/faults", e.getFaults},
		{"PUT", "accounts/{id}/faults", e.putFaults},
		{"DELETE", "accounts/{id}/faults", e.deleteFaults},
		{"PUT", "accounts/{id}", e.putAccount},
		{"GET", "roles", e.getRoles},
		{"PUT", "roles", e.putRoles},
		{"GET", "organization", e.getOrganization},
		{"PUT", "organization", e.putOrganization},
		{"GET", "state", e.getState},
		{"PUT", "state", e.putState},
		{"GET", "scenario", e.getScenario},
		{"GET", "clock", e.getClock},
		{"PUT", "clock", e.putClock},
		{"DELETE", "clock", e.deleteClock},
		{"GET", "requests", e.getRequests},
		{"DELETE", "requests", e.deleteRequests},
		{"POST", "reset", e.postReset},
	}
}

// accountJSON is an account in the list.
type accountJSON struct {
	SecretID  string  `json:"secret_id"`
	Temporary bool    `json:"temporary"` // it needs a token
	Edition   Edition `json:"edition"`
	Faults    int     `json:"faults"`  // yet to be had
	Moments   int     `json:"moments"` // of its timeline
}

func (e *Emulator) getAccounts(*http.Request) (any, error) {
	list := []accountJSON{}
	for _, id := range e.Accounts() {
		e.mu.Lock()
		a := e.accounts[id]
		list = append(list, accountJSON{id, a.token != "", a.edition(e.virtualNow()), len(a.faults), len(a.moments)})
		e.mu.Unlock()
	}
	return list, nil
}

func (e *Emulator) putAccount(r *http.Request) (any, error) {
	in, err := read[struct {
		SecretKey string `json:"secret_key"`
		Token     string `json:"token"`
	}](r, `{"secret_key": "another-secret"}`)
	if err != nil {
		return nil, err
	}
	if err := e.SetAccount(r.PathValue("id"), in.SecretKey, in.Token); err != nil {
		return nil, err
	}
	return e.getAccounts(r)
}

func (e *Emulator) getEdition(r *http.Request) (any, error) {
	return e.Edition(r.PathValue("id"))
}

func (e *Emulator) putEdition(r *http.Request) (any, error) {
	changes, err := read[Edition](r, `{"BuyStatus": "Isolate", "EndTime": null}`)
	if err != nil {
		return nil, err
	}
	if err := e.SetEdition(r.PathValue("id"), changes); err != nil {
		return nil, err
	}
	return e.getEdition(r)
}

func (e *Emulator) getPurchaseState(r *http.Request) (any, error) {
	return e.PurchaseState(r.PathValue("id"))
}

func (e *Emulator) putPurchaseState(r *http.Request) (any, error) {
	changes, err := read[PurchaseState](r, `{"State": 3, "AutomaticRenewal": 1}`)
	if err != nil {
		return nil, err
	}
	if err := e.SetPurchaseState(r.PathValue("id"), changes); err != nil {
		return nil, err
	}
	return e.getPurchaseState(r)
}

func (e *Emulator) deletePurchaseState(r *http.Request) (any, error) {
	if err := e.SetPurchaseState(r.PathValue("id"), nil); err != nil {
		return nil, err
	}
	return e.getPurchaseState(r)
}

func (e *Emulator) getTimeline(r *http.Request) (any, error) {
	return e.Timeline(r.PathValue("id"))
}

func (e *Emulator) putTimeline(r *http.Request) (any, error) {
	moments, err := readItems[Moment](r, `[{"at": "2026-01-31T00:00:00+08:00", "edition": {"BuyStatus": "Isolate"}}]`)
	if err != nil {
		return nil, err
	}
	if err := e.SetTimeline(r.PathValue("id"), moments...); err != nil {
		return nil, err
	}
	return e.getTimeline(r)
}

func (e *Emulator) deleteTimeline(r *http.Request) (any, error) {
	if err := e.SetTimeline(r.PathValue("id")); err != nil {
		return nil, err
	}
	return e.getTimeline(r)
}

func (e *Emulator) getFaults(r *http.Request) (any, error) {
	fs, err := e.Faults(r.PathValue("id"))
	if fs == nil {
		fs = []Fault{}
	}
	return fs, err
}

func (e *Emulator) putFaults(r *http.Request) (any, error) {
	faults, err := readItems[Fault](r, `[{"code": "InternalError", "times": 2}, {"delay": "2s"}]`)
	if err != nil {
		return nil, err
	}
	if err := e.SetFaults(r.PathValue("id"), faults...); err != nil {
		return nil, err
	}
	return e.getFaults(r)
}

func (e *Emulator) deleteFaults(r *http.Request) (any, error) {
	if err := e.SetFaults(r.PathValue("id")); err != nil {
		return nil, err
	}
	return e.getFaults(r)
}
