package emulator_test

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"prowatch/emulator"
)

func TestSavingTheEditionChangesWhatWasChanged(t *testing.T) {
	e := emulator.New(&emulator.Options{Rate: -1})
	get, post := browser(t, e)
	odd := emulator.Edition{"BuyStatus": "Normal", "CoresCnt": "5", "MaxPostPayCoresCnt": "", "ResourceId": " a\nb", "IsPurchased": "true", "EndTime": 7}
	if err := e.ReplaceEdition(emulator.DefaultSecretID, odd); err != nil {
		t.Fatal(err)
	}
	_, page := get("account/AKIDEMULATOR")
	form := url.Values{"do": {"edition"}}
	for _, m := range regexp.MustCompile(`name="was-(\w+)" value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		was := html.UnescapeString(m[2])
		form.Set("was-"+m[1], strings.ReplaceAll(was, "\n", "\r\n"))
		form.Set(m[1], strings.ReplaceAll(was, "\n", "")) // As a browser has it in one line.
	}
	form.Set("BuyStatus", "Isolate")
	status, page := post("account/AKIDEMULATOR", form)
	told(t, status, page, 200, "The edition is saved")
	odd["BuyStatus"] = "Isolate"
	if ed, _ := e.Edition(emulator.DefaultSecretID); pretty(ed) != pretty(odd) {
		t.Errorf("edition = %s\nwant %s", pretty(ed), pretty(odd))
	}
}

// A problem stands alone, and says where it is.
func TestAProblemIsNamedWithItsFormAndLine(t *testing.T) {
	_, post := browser(t, emulator.New(nil))
	for _, tt := range []struct{ form, text, want string }{
		{"faults", "[\n  {\"drop\": true},\n  {\"http\": \"x\"}\n]", `Faults: item 1 on line 3: "http" must be a whole number, not string`},
		{"faults", "[\n  {\"drop\": true},\n  {\"htp\": 5}\n]", `Faults: item 1 on line 3: unknown field "htp"`},
		{"timeline", "[\n\n  {\"at\": \"noon\"}]", `Timeline: item 0 on line 3: "noon" is no time such as 2026-01-31T09:00:00+08:00`},
		{"json", "{\n  \"BuyStatus\": Normal\n}", `Edition as JSON: invalid character 'N' looking for beginning of value on line 2`},
		{"purchase", "{\n", "Purchase state: unexpected end of the JSON"},
	} {
		status, page := post("account/AKIDEMULATOR?said=edition", url.Values{"do": {tt.form}, tt.form: {tt.text}})
		told(t, status, page, 400, tt.want)
		if strings.Contains(page, "is saved") {
			t.Errorf("%s: the page says that it is saved, too", tt.form)
		}
	}
}

func TestAScenarioIsOfferedOnceThereIsOne(t *testing.T) {
	get, post := browser(t, emulator.New(nil))
	status, page := get("account/AKIDEMULATOR")
	told(t, status, page, 200, "It was not asked yet.")
	post("explorer", url.Values{})
	status, page = get("account/AKIDEMULATOR")
	told(t, status, page, 200, "Download scenario.yaml")
}
