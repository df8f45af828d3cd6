package emulator

import (
	"encoding/json"
	"maps"
	"time"
)

// PurchaseState is what an account answers to DescribePurchaseStateInfo, as an
// [Edition] is to the other action.
type PurchaseState map[string]any

// UnmarshalJSON reads an object and keeps its numbers as they are written.
func (p *PurchaseState) UnmarshalJSON(b []byte) error {
	return readObject(b, (*map[string]any)(p))
}

// purchaseFields are the names in the vendor's SDK, tcss v1.1.50.
var purchaseFields = []string{
	"State", "AllCoresCnt", "CoresCnt", "UndefendCoresCnt", "AuthorizedCoresCnt",
	"GivenAuthorizedCoresCnt", "CurrentFlexibleCoresCnt", "ImageCnt", "AuthorizedImageCnt",
	"ExpirationTime", "PurchasedAuthorizedCnt", "AutomaticRenewal", "GivenAuthorizedCnt",
	"BeginTime", "SubState", "InquireKey", "DefendPolicy", "FlexibleCoresLimit",
	"DefendClusterCoresCnt", "DefendHostCoresCnt", "TrialCoresCnt",
}

// boughtCores is how many cores a paid edition is taken to have, since
// DescribeProVersionInfo tells only how many it lacks.
const boughtCores = 100

// derivePurchase makes from an edition what the other action would plausibly
// say. The vendor documents the states, not how they go with a BuyStatus.
func derivePurchase(ed Edition) PurchaseState {
	state, sub := 1, any(nil) // Nothing known: may only buy.
	bought, begin, end := 0, ed["StartTime"], ed["EndTime"]
	switch ed["BuyStatus"] {
	case "Normal":
		state, bought = 3, boughtCores
	case "Isolate":
		state, sub = 4, "ISOLATE"
	case "Pending":
		state, begin, end = 0, nil, nil
		if ed["IsPurchased"] == true {
			state, sub = 4, "DESTROED" // The vendor's spelling.
		}
	}
	short := number(ed["CoresCnt"])
	return PurchaseState{
		"State": state, "SubState": sub, "BeginTime": begin, "ExpirationTime": end,
		"AutomaticRenewal": 0, "AllCoresCnt": bought + short, "CoresCnt": bought,
		"UndefendCoresCnt": short, "AuthorizedCoresCnt": bought, "DefendHostCoresCnt": bought,
		"FlexibleCoresLimit": number(ed["MaxPostPayCoresCnt"]), "InquireKey": "sv_yunjing_css_pem",
		"GivenAuthorizedCoresCnt": 0, "CurrentFlexibleCoresCnt": 0, "DefendClusterCoresCnt": 0,
		"TrialCoresCnt": 0, "ImageCnt": 0, "AuthorizedImageCnt": 0,
		"PurchasedAuthorizedCnt": 0, "GivenAuthorizedCnt": 0, "DefendPolicy": nil,
	}
}

// number returns a field that is a count, and 0 for one that is not.
func number(v any) int {
	n, ok := v.(json.Number)
	if !ok {
		return 0
	}
	i, err := n.Int64()
	if err != nil || i < 0 || i > 1<<40 {
		return 0
	}
	return int(i)
}

// purchaseStateInfo answers DescribePurchaseStateInfo.
func (e *Emulator) purchaseStateInfo(q question) (fields, *refusal) {
	return fields(q.account.purchaseState(e.virtualNow())), nil
}

// purchaseState is what was set laid over what follows from the edition.
func (a *account) purchaseState(now time.Time) PurchaseState {
	p := derivePurchase(a.edition(now))
	maps.Copy(p, a.purchase)
	return p
}

// PurchaseState returns what account id answers now to
// DescribePurchaseStateInfo. Its error is [ErrNoAccount].
func (e *Emulator) PurchaseState(id string) (PurchaseState, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	a, err := e.account(id)
	if err != nil {
		return nil, err
	}
	return plain(a.purchaseState(e.virtualNow()))
}

// SetPurchaseState sets fields of account id that are otherwise derived from
// its edition: a nil value is answered as null, and nil changes derive all of
// them again. Its error is [ErrNoAccount] or [ErrInvalid].
func (e *Emulator) SetPurchaseState(id string, changes PurchaseState) error {
	if err := known(changes, purchaseFields); err != nil {
		return err
	}
	c, err := plain(changes)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	a, err := e.account(id)
	if err != nil {
		return err
	}
	if changes == nil {
		a.purchase = nil
		return nil
	}
	a.purchase = PurchaseState(Edition(a.purchase).merged(c))
	return nil
}
