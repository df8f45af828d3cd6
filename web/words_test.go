package web

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"prowatch/notify"
	"prowatch/watch"
)

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

func TestBothLanguagesSayTheSame(t *testing.T) {
	for key, en := range english.texts {
		zh, ok := chinese.texts[key]
		if !ok {
			t.Errorf("there is no Chinese for %s: %s", key, en)
			continue
		}
		a, b := placeholder.FindAllString(en, -1), placeholder.FindAllString(zh, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(slices.Compact(a), slices.Compact(b)) {
			t.Errorf("%s: the English has %v, the Chinese %v", key, a, b)
		}
		if en == "" || zh == "" {
			t.Errorf("%s is empty", key)
		}
	}
	for key := range chinese.texts {
		if _, ok := english.texts[key]; !ok {
			t.Errorf("there is no English for %s", key)
		}
	}
}

// sources returns what writes pages, without the texts themselves.
func sources(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if name == "conformance" || name == "webtest" {
				return fs.SkipDir
			}
			return err
		}
		if strings.HasSuffix(name, "_test.go") || name == "english.go" || name == "chinese.go" || !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, ".html") {
			return nil
		}
		data, err := os.ReadFile(name)
		b.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// families are the texts whose keys are put together, by what comes before the
// last dot, each with what may follow.
func families() map[string][]string {
	numbers := make([]string, 12)
	for i := range numbers {
		numbers[i] = itoa(i + 1)
	}
	states := []watch.State{watch.StatePending, watch.StateClaimed, watch.StateHeld, watch.StateSent, watch.StateAccepted, watch.StateUnknown, watch.StateSuperseded, watch.StateDead}
	classes := []watch.Class{watch.Denied, watch.Throttled, watch.Rejected, watch.Unreadable, watch.Unavailable}
	return map[string][]string{
		"month": numbers, "state": texts(states), "class": texts(classes),
		"severity":  texts([]watch.Severity{watch.Critical, watch.Warning, watch.Info}),
		"status":    texts([]watch.Status{watch.Normal, watch.Pending, watch.Isolate}),
		"figure":    {"Isolate", "Pending", "ended", "ending", "failing", "undelivered"},
		"condition": statuses, "open": problems, "sort": orders,
		"problem": {watch.ProblemStatus, watch.ProblemExpiry, watch.ProblemCapacity, watch.ProblemCheck, watch.ProblemStale},
		"filter":  {"status", "open", "severity", "sort"}, "any": {"status", "open", "severity", "sort"},
		"done": {"checked", "handedout", "muted", "unmuted", "other"}, "failed": {"checked", "muted", "unmuted", "other"},
		"fault":  {"token", "rate", "csrf"},
		"notice": slices.Concat(texts(types), []string{"expiry.changed:set", "expiry.changed:renewed", "expiry.changed:shortened", "capacity.changed:short", "capacity.changed:met", "capacity.changed:limit", "check.failing:denied", "check.failing:throttled", "check.failing:rejected", "check.failing:unreadable"}),
	}
}

var types = []watch.Type{watch.BaselineRecorded, watch.StatusChanged, watch.ExpiryChanged, watch.ExpiryApproaching, watch.ExpiryReached, watch.ResourceChanged, watch.CheckFailing, watch.CheckRecovered, watch.ProblemReminder, watch.DeliveryFailed, watch.DeliveryRecovered, watch.AccountStale, watch.AccountChecked, watch.AccountRemoved, watch.NotifyTest, watch.WatchAlive}

func texts[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

func TestEveryTextIsThereAndUsed(t *testing.T) {
	source := sources(t)
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?:say |Say\()"([\w.:]+)"`).FindAllStringSubmatch(source, -1) {
		used[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`(?:count|some)\("([^"]+)"`).FindAllStringSubmatch(source, -1) {
		used[m[1]+".1"], used[m[1]+".n"] = true, true
	}
	for _, m := range regexp.MustCompile(`\{"(run\.[a-z]+)", last`).FindAllStringSubmatch(source, -1) {
		used[m[1]+".1"], used[m[1]+".n"] = true, true
	}
	for family, names := range families() {
		for _, name := range names {
			used[family+"."+name] = true
		}
	}
	for _, concatenated := range []string{"month.", "figure.", "filter.", "any.", "notice."} {
		delete(used, concatenated)
	}
	for key := range used {
		if _, ok := english.texts[key]; !ok {
			t.Errorf("%s is said and has no text", key)
		}
	}
	for key := range english.texts {
		if !used[key] {
			t.Errorf("nothing says %s", key)
		}
	}
}

// A person reads the same words in a chat and on the page.
func TestThePageSpeaksAsTheMessagesDo(t *testing.T) {
	for _, said := range []words{english, chinese} {
		voice, err := notify.Wording{Language: said.Language}.Voice(notify.Deps{})
		if err != nil {
			t.Fatal(err)
		}
		shared := 0
		for key, word := range voice.Catalogues[0].Words {
			family, _, _ := strings.Cut(key, ".")
			if !slices.Contains([]string{"severity", "status", "day", "hour", "minute", "core"}, family) {
				continue
			}
			shared++
			if said.texts[key] != word {
				t.Errorf("%s: %s is %q on the page and %q in messages", said.Language, key, said.texts[key], word)
			}
		}
		if shared < 12 {
			t.Errorf("%s: only %d words are compared", said.Language, shared)
		}
	}
}
