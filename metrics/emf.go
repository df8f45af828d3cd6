package metrics

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"prowatch/watch"
)

// Namespace is where CloudWatch keeps the figures of [WriteEMF].
const Namespace = "prowatch"

// emfMetrics are the figures that CloudWatch makes metrics of, with their
// units. There are ten and no dimension: CloudWatch bills each combination of a
// name with dimensions by the month, beyond the ten that are free. What else a
// line holds can be searched in the log and costs nothing more.
var emfMetrics = []emfMetric{
	{"Checked", "Count"}, {"Failed", "Count"}, {"Skipped", "Count"},
	{"Notices", "Count"}, {"Pending", "Count"}, {"Dead", "Count"},
	{"ProblemsCritical", "Count"}, {"ProblemsWarning", "Count"},
	{"MinDaysLeft", "None"},
	{"RunDuration", "Seconds"},
}

type emfMetric struct {
	Name string `json:"Name"`
	Unit string `json:"Unit"`
}

// emfDirective is what makes metrics of a line
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
type emfDirective struct {
	Namespace  string      `json:"Namespace"`
	Dimensions [][]string  `json:"Dimensions"`
	Metrics    []emfMetric `json:"Metrics"`
}

// WriteEMF writes a run as one line in CloudWatch's embedded metric format, for
// the standard output of a Lambda function. Of a run that was not possible it
// writes that nothing was checked. Sums and minima over the runs of several
// workers are those of the whole.
func WriteEMF(w io.Writer, report *watch.Report, err error, now time.Time) error {
	figures := map[string]any{"Run": runResult(report, err)}
	if report == nil {
		report = &watch.Report{}
	}
	emfFigures(figures, report, now)
	d := emfDirective{Namespace: Namespace, Dimensions: [][]string{{}}}
	for _, m := range emfMetrics {
		if _, ok := figures[m.Name]; ok {
			d.Metrics = append(d.Metrics, m)
		}
	}
	figures["_aws"] = map[string]any{"Timestamp": now.UnixMilli(), "CloudWatchMetrics": []emfDirective{d}}
	line, err := json.Marshal(figures)
	if err != nil {
		return fmt.Errorf("encoding the run's figures: %w", err)
	}
	if _, err := w.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("writing the run's figures: %w", err)
	}
	return nil
}

func emfFigures(figures map[string]any, report *watch.Report, now time.Time) {
	c := report.Counts()
	dead, problems, classes := 0, map[watch.Severity]int{}, map[watch.Class]int{}
	for i := range report.Accounts {
		a := &report.Accounts[i]
		dead += a.Dead
		for _, p := range a.Problems {
			problems[p.Severity]++
		}
		if a.Failure != nil {
			classes[a.Failure.Class]++
		}
	}
	for _, d := range report.Deliveries {
		if d.Outcome.Result == watch.Permanent {
			dead += len(d.Notices)
		}
	}
	for name, value := range map[string]any{
		"Accounts": c.Accounts, "Checked": c.Checked, "Failed": c.Failed, "Skipped": c.Skipped,
		"Notices": c.Notices, "Sent": c.Sent, "Pending": c.Pending, "Dead": dead,
		"ProblemsCritical": problems[watch.Critical], "ProblemsWarning": problems[watch.Warning],
		"RunDuration": report.Took.Seconds(), "Whole": report.Whole, "FailedByClass": classes,
	} {
		figures[name] = value
	}
	if left, account := nearest(report, now); account != "" {
		figures["MinDaysLeft"], figures["MinDaysLeftAccount"] = left, account
	}
}

// nearest returns the account of the run that is Normal and ends first, and in
// how many days; "" where none has a known end.
func nearest(report *watch.Report, now time.Time) (days float64, account string) {
	for i := range report.Accounts {
		a := &report.Accounts[i]
		if a.Status != watch.Normal || a.EndTime.IsZero() {
			continue
		}
		if left := float64(a.EndTime.Sub(now)/time.Minute) / (24 * 60); account == "" || left < days {
			days, account = left, a.Account
		}
	}
	return days, account
}

// EMFNames are the names of the metrics that [WriteEMF] writes.
func EMFNames() []string {
	names := make([]string, len(emfMetrics))
	for i, m := range emfMetrics {
		names[i] = m.Name
	}
	return names
}
