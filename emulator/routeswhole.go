package emulator

import (
	"bytes"
	"net/http"
	"time"
)

// Operations on the emulator as a whole.

func (e *Emulator) getClock(*http.Request) (any, error) { return e.Clock(), nil }

// putClock sets what it is given of the clock and leaves the rest as it runs.
func (e *Emulator) putClock(r *http.Request) (any, error) {
	const form = `{"now": "2026-01-31T00:00:00+08:00", "speed": 60}`
	in, err := read[struct {
		Now   *time.Time `json:"now"`
		Speed *float64   `json:"speed"`
	}](r, form)
	if err != nil {
		return nil, err
	}
	if in.Now == nil && in.Speed == nil {
		return nil, &adminError{http.StatusBadRequest, "neither now nor speed is given", "send JSON such as " + form}
	}
	c := e.Clock()
	if in.Now != nil {
		c.Now = *in.Now
	}
	if in.Speed != nil {
		c.Speed = *in.Speed
	}
	if err := e.SetClock(c); err != nil {
		return nil, err
	}
	return e.Clock(), nil
}

func (e *Emulator) deleteClock(*http.Request) (any, error) {
	e.ResetClock()
	return e.Clock(), nil
}

func (e *Emulator) getRequests(*http.Request) (any, error) {
	xs := e.Requests()
	if xs == nil {
		xs = []Exchange{}
	}
	return xs, nil
}

func (e *Emulator) deleteRequests(r *http.Request) (any, error) {
	e.ForgetRequests()
	return e.getRequests(r)
}

func (e *Emulator) postReset(r *http.Request) (any, error) {
	e.Reset()
	return e.getAccounts(r)
}

func (e *Emulator) getRoles(*http.Request) (any, error) { return e.Roles(), nil }

func (e *Emulator) putRoles(r *http.Request) (any, error) {
	roles, err := read[map[string]Role](r, `{"qcs::cam::uin/100000000001:roleName/prowatch": {"account": "AKIDEMULATOR"}}`)
	if err != nil {
		return nil, err
	}
	if err := e.SetRoles(roles); err != nil {
		return nil, err
	}
	return e.getRoles(r)
}

func (e *Emulator) getOrganization(*http.Request) (any, error) { return e.Organization(), nil }

func (e *Emulator) putOrganization(r *http.Request) (any, error) {
	o, err := read[Organization](r, `{"account": "AKIDEMULATOR", "uin": 100000000000, "members": [{"uin": 100000000001, "name": "acme"}]}`)
	if err != nil {
		return nil, err
	}
	if err := e.SetOrganization(o); err != nil {
		return nil, err
	}
	return e.getOrganization(r)
}

func (e *Emulator) getState(*http.Request) (any, error) { return e.State(), nil }

func (e *Emulator) putState(r *http.Request) (any, error) {
	s, err := read[State](r, `{"format": 1, "accounts": {"AKIDEMULATOR": {"edition": {"BuyStatus": "Normal"}}}}`)
	if err != nil {
		return nil, err
	}
	if err := e.Restore(s); err != nil {
		return nil, err
	}
	return e.getState(r)
}

// getScenario answers with the scenario of one account, which needs no name
// when it is the only one.
func (e *Emulator) getScenario(r *http.Request) (any, error) {
	id, all := r.URL.Query().Get("account"), e.Accounts()
	if id == "" && len(all) == 1 {
		id = all[0]
	}
	if id == "" {
		return nil, &adminError{http.StatusBadRequest, "there are several accounts", "say which one, as in ?account=" + all[0]}
	}
	var b bytes.Buffer
	if err := e.WriteScenario(&b, id); err != nil {
		return nil, err
	}
	return document{"application/yaml; charset=utf-8", b.Bytes()}, nil
}
