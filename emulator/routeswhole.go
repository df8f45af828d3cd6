package emulator

import (
	"bytes"
	"net/http"
)

// Operations on the emulator as a whole.

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
