package metrics_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"prowatch/metrics"
)

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}

// TestTheGuidesTablesAreTheTable compares docs/metrics.md with the code; the
// failure prints the rows to paste.
func TestTheGuidesTablesAreTheTable(t *testing.T) {
	guide := read(t, "../docs/metrics.md")
	for _, part := range []struct {
		heading  string
		remember bool
	}{{"### Gauges of what is remembered", true}, {"### Counters of this process", false}} {
		var rows []string
		for _, f := range metrics.Families() {
			if remembered := f.Kind == metrics.Gauge && f.Name != "prowatch_build_info"; remembered != part.remember {
				continue
			}
			labels := "–"
			if len(f.Labels) > 0 {
				labels = "`" + strings.Join(f.Labels, "`, `") + "`"
			}
			rows = append(rows, "| `"+f.Name+"` | "+labels+" | "+f.Help+" |\n")
		}
		_, section, _ := strings.Cut(guide, part.heading)
		section, _, _ = strings.Cut(section, "\n#")
		if want := "|---|---|---|\n" + strings.Join(rows, "") + "\n"; !strings.Contains(section+"\n", want) {
			t.Errorf("docs/metrics.md lacks under %q:\n%s", part.heading, want)
		}
	}
}

func TestTheGuideNamesEveryMetricOfCloudWatch(t *testing.T) {
	guide := read(t, "../docs/metrics.md")
	for _, name := range metrics.EMFNames() {
		if !strings.Contains(guide, "`"+name+"`") {
			t.Errorf("docs/metrics.md lacks %s", name)
		}
	}
}

// named are names of the table in an expression, those of a histogram included.
var named = regexp.MustCompile(`\bprowatch_[a-z_]+`)

func TestAlertsAndDashboardNameMetricsThatAreThere(t *testing.T) {
	known := map[string]bool{}
	for _, f := range metrics.Families() {
		known[f.Name] = true
		if f.Kind == metrics.Histogram {
			delete(known, f.Name)
			known[f.Name+"_bucket"], known[f.Name+"_sum"], known[f.Name+"_count"] = true, true, true
		}
	}
	rules := read(t, "../deploy/prometheus/alerts.yaml")
	cases := read(t, "../deploy/prometheus/alerts_test.yaml")
	board := read(t, "../deploy/grafana/prowatch.json")
	for name, text := range map[string]string{"the alerts": rules, "their tests": cases, "the dashboard": board} {
		used := named.FindAllString(text, -1)
		if len(used) < 10 {
			t.Errorf("%s name but %q", name, used)
		}
		for _, metric := range used {
			if !known[metric] {
				t.Errorf("%s name %s, which is not in the table", name, metric)
			}
		}
	}
	for _, alert := range regexp.MustCompile(`alert: (\w+)`).FindAllStringSubmatch(rules, -1) {
		if strings.Count(cases, "alertname: "+alert[1]) < 2 {
			t.Errorf("no test has %s silent and firing", alert[1])
		}
	}
}

func TestTheDashboardIsOne(t *testing.T) {
	var board struct {
		UID    string
		Panels []struct {
			ID      int
			Title   string
			GridPos struct{ X, Y, W, H int }
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal([]byte(read(t, "../deploy/grafana/prowatch.json")), &board); err != nil {
		t.Fatal(err)
	}
	taken := map[[2]int]string{}
	var ids []int
	for _, p := range board.Panels {
		ids = append(ids, p.ID)
		if p.Title == "" || len(p.Targets) == 0 || p.Targets[0].Expr == "" || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("panel %d %q has no title, no query or no room", p.ID, p.Title)
		}
		for x := range p.GridPos.W {
			for y := range p.GridPos.H {
				at := [2]int{p.GridPos.X + x, p.GridPos.Y + y}
				if other, ok := taken[at]; ok {
					t.Fatalf("%q lies on %q", p.Title, other)
				}
				taken[at] = p.Title
			}
		}
	}
	if slices.Sort(ids); board.UID == "" || len(ids) < 10 || len(slices.Compact(ids)) != len(board.Panels) {
		t.Errorf("the dashboard %q has the panels %v", board.UID, ids)
	}
}
