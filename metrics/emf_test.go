package metrics_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"prowatch/metrics"
	"prowatch/metrics/metricstest"
	"prowatch/watch"
)

// emfSchema is AWS's, of the format's specification.
func emfSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	f, err := os.Open("testdata/emf.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	document, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("emf.json", document); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("emf.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// emf returns the one line of a run, checked against the schema.
func emf(t *testing.T, report *watch.Report, failed error) map[string]any {
	t.Helper()
	var b strings.Builder
	if err := metrics.WriteEMF(&b, report, failed, metricstest.At); err != nil {
		t.Fatal(err)
	}
	if strings.Count(b.String(), "\n") != 1 || !strings.HasSuffix(b.String(), "\n") || !strings.HasPrefix(b.String(), `{"`) {
		t.Errorf("%q is not one line of JSON", b.String())
	}
	var line map[string]any
	if err := json.Unmarshal([]byte(b.String()), &line); err != nil {
		t.Fatal(err)
	}
	if err := emfSchema(t).Validate(line); err != nil {
		t.Errorf("the line is not of AWS's schema: %v", err)
	}
	return line
}

// directive returns the metrics of a line with their units, and checks what the
// schema cannot: that each metric's name is that of a number of the line.
func directive(t *testing.T, line map[string]any) map[string]string {
	t.Helper()
	units := map[string]string{}
	d := line["_aws"].(map[string]any)["CloudWatchMetrics"].([]any)[0].(map[string]any)
	for _, m := range d["Metrics"].([]any) {
		name := m.(map[string]any)["Name"].(string)
		units[name] = m.(map[string]any)["Unit"].(string)
		if _, ok := line[name].(float64); !ok {
			t.Errorf("the metric %s has the value %v, want a number", name, line[name])
		}
	}
	return units
}

func TestARunIsALineForCloudWatch(t *testing.T) {
	line := emf(t, metricstest.Report(), nil)
	units := directive(t, line)
	want := map[string]string{
		"Checked": "Count", "Failed": "Count", "Skipped": "Count", "Notices": "Count", "Pending": "Count", "Dead": "Count",
		"ProblemsCritical": "Count", "ProblemsWarning": "Count", "MinDaysLeft": "None", "RunDuration": "Seconds",
	}
	if diff := cmp.Diff(want, units); diff != "" {
		t.Errorf("metrics -want +got:\n%s", diff)
	}
	aws := line["_aws"]
	delete(line, "_aws")
	wantLine := map[string]any{
		"Run": "partial", "Whole": true, "Accounts": 5., "Checked": 1., "Failed": 3., "Skipped": 1., "FailedByClass": map[string]any{"denied": 1., "unavailable": 1.},
		"Notices": 2., "Sent": 2., "Pending": 1., "Dead": 3., "ProblemsCritical": 1., "ProblemsWarning": 1.,
		"MinDaysLeft": 42., "MinDaysLeftAccount": "acme", "RunDuration": 2.,
	}
	if diff := cmp.Diff(wantLine, line); diff != "" {
		t.Errorf("line -want +got:\n%s", diff)
	}
	if got := aws.(map[string]any)["Timestamp"]; got != float64(metricstest.At.UnixMilli()) {
		t.Errorf("the time is %v, want %d", got, metricstest.At.UnixMilli())
	}
}

// TestTheMetricsOfCloudWatchStayFree holds their number to what AWS bills
// nothing for.
func TestTheMetricsOfCloudWatchStayFree(t *testing.T) {
	if n := len(directive(t, emf(t, metricstest.Report(), nil))); n > 10 {
		t.Errorf("a run makes %d metrics, and 10 are free", n)
	}
}

func TestWhatIsNotKnownIsNoMetric(t *testing.T) {
	line := emf(t, &watch.Report{Accounts: []watch.AccountReport{{Account: "a", Status: watch.Pending}}}, nil)
	if _, ok := directive(t, line)["MinDaysLeft"]; ok || line["MinDaysLeft"] != nil {
		t.Errorf("no end is known and the line says %v", line)
	}
}

func TestARunThatWasNotPossibleIsALineToo(t *testing.T) {
	line := emf(t, nil, errors.New("no store"))
	if line["Run"] != "failed" || line["Checked"] != 0. {
		t.Errorf("the line is %v, want a failed run that checked nothing", line)
	}
}

func TestANoticeThatDiesIsCountedAtOnce(t *testing.T) {
	report := &watch.Report{Accounts: []watch.AccountReport{{Dead: 1}}, Deliveries: []watch.DeliveryReport{
		{Notices: []string{"a", "b"}, Outcome: watch.Outcome{Result: watch.Permanent}},
		{Notices: []string{"c"}, Outcome: watch.Outcome{Result: watch.Retry}},
	}}
	if line := emf(t, report, nil); line["Dead"] != 3. {
		t.Errorf("%v are dead, want 3", line["Dead"])
	}
}
