package notify

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"prowatch/watch"
)

var placeholder = regexp.MustCompile(`{[a-z]+}`)

// TestCataloguesAreComplete holds every language against English: it must have
// each saying and word, and no sentence may want a value that English has not.
func TestCataloguesAreComplete(t *testing.T) {
	allowed := map[string]bool{}
	w := newWriter(english, Voice{}, watch.Message{}, watch.Item{})
	for name := range w.values {
		allowed["{"+name+"}"] = true
	}
	for language, cs := range languages {
		for _, c := range cs {
			wantSameKeys(t, language, c.Words, english.Words)
			wantSameKeys(t, language, c.Sayings, english.Sayings)
			for name, s := range c.Sayings {
				if s.Title == "" {
					t.Errorf("%s: %s has no title", language, name)
				}
				for _, p := range placeholder.FindAllString(s.Title+s.Means+s.Action, -1) {
					if !allowed[p] {
						t.Errorf("%s: %s wants the value %s, which there is not", language, name, p)
					}
				}
			}
			for name, word := range c.Words {
				if got, want := placeholders(word), placeholders(english.Words[name]); !slices.Equal(got, want) {
					t.Errorf("%s: %s uses %v, English %v", language, name, got, want)
				}
			}
		}
	}
}

func placeholders(s string) []string {
	return slices.Sorted(slices.Values(placeholder.FindAllString(s, -1)))
}

func wantSameKeys[V any](t *testing.T, language string, got, want map[string]V) {
	t.Helper()
	if g, w := slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)); !slices.Equal(g, w) {
		t.Errorf("%s: keys %v, English %v", language, g, w)
	}
}

func TestSpan(t *testing.T) {
	for _, tt := range []struct {
		left time.Duration
		want string
	}{
		{30 * 24 * time.Hour, "30 days"},
		{30*24*time.Hour - 59*time.Minute, "30 days"},
		{30*24*time.Hour - 61*time.Minute, "29 days"},
		{2 * 24 * time.Hour, "2 days"},
		{47 * time.Hour, "2 days"},
		{46 * time.Hour, "46 hours"},
		{24 * time.Hour, "24 hours"},
		{24*time.Hour - time.Second, "24 hours"},
		{time.Hour, "1 hour"},
		{59 * time.Minute, "1 hour"},
		{58 * time.Minute, "58 min"},
		{time.Minute, "1 min"},
		{0, "0 min"},
		{-3 * 24 * time.Hour, "3 days"},
	} {
		if got := english.span(tt.left); got != tt.want {
			t.Errorf("span(%v) = %q, want %q", tt.left, got, tt.want)
		}
	}
}

func TestMoment(t *testing.T) {
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for offset, want := range map[int]string{
		0: "2026-03-01 00:00 UTC", 8 * 3600: "2026-03-01 08:00 UTC+8",
		19800: "2026-03-01 05:30 UTC+5:30", -12600: "2026-02-28 20:30 UTC-3:30",
	} {
		if got := moment(at.In(time.FixedZone("", offset))); got != want {
			t.Errorf("moment at offset %d = %q, want %q", offset, got, want)
		}
	}
	if got := moment(time.Time{}); got != "?" {
		t.Errorf("moment of no time = %q, want ?", got)
	}
}

func TestSayFillsInOnce(t *testing.T) {
	got := say("{a} and {b}, not {c}", map[string]string{"a": "{b}", "b": "1"})
	if want := "{b} and 1, not {c}"; got != want {
		t.Errorf("say = %q, want %q", got, want)
	}
}

func TestUnknownCasesAreToldInTheNearestWords(t *testing.T) {
	for name, want := range map[string]string{
		"status.changed:Frozen":                             "status.changed",
		"check.failing:denied:UnauthorizedOperation.NoAuth": "check.failing:denied:UnauthorizedOperation",
		"check.failing:denied:AuthFailure":                  "check.failing:denied",
		"check.failing:novel":                               "check.failing",
		"novel":                                             "other",
		"":                                                  "other",
	} {
		if got := english.saying(name); got != english.Sayings[want] || got.Title == "" {
			t.Errorf("saying(%q) = %+v, want that of %q", name, got, want)
		}
	}
	if strings.Contains(english.saying("novel").Title, "TCSS Pro") {
		t.Error("an unknown type is told as if it were known")
	}
}
