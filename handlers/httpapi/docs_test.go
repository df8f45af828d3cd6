package httpapi_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"prowatch/handlers/httpapi"
)

// TestTheGuideListsEveryRoute holds the table of the guide against the routes.
func TestTheGuideListsEveryRoute(t *testing.T) {
	text, err := os.ReadFile("../../docs/http.md")
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([A-Z]+)` \\| `([^`]+)` \\| ([a-z]+) \\| ([a-z, ]*)\\|").FindAllStringSubmatch(string(text), -1) {
		got = append(got, fmt.Sprint(m[1:4], " ", strings.TrimSpace(m[4])))
	}
	for _, r := range httpapi.Routes() {
		scope := map[string]string{"open": "none"}[r.Scope]
		if scope == "" {
			scope = r.Scope
		}
		want = append(want, fmt.Sprint([]string{r.Method, strings.ReplaceAll(r.Pattern, "...}", "}"), scope}, " ", strings.Join(r.Ways, ", ")))
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the guide lists\n%s\nand the routes are\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
