package notify_test

import (
	"strings"
	"testing"

	"prowatch/notify"
	"prowatch/notify/notifytest"
	"prowatch/watch"
)

// own returns a voice with a template for the type.
func own(t *testing.T, language string, typ watch.Type, tm notify.Template) notify.Voice {
	t.Helper()
	w := notify.Wording{Language: language, Templates: map[watch.Type]notify.Template{typ: tm}}
	v, err := w.Voice(notify.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestATemplateIsCheckedWhenItIsRead(t *testing.T) {
	long := strings.Repeat("密", 400)
	for _, tt := range []struct {
		name string
		typ  watch.Type
		tm   notify.Template
		want string
	}{
		{"a type that is none", "status.chnaged", notify.Template{Title: "x"}, `templates: "status.chnaged" is no type of notice; did you mean status.changed?`},
		{"a type that is nothing like one", "*", notify.Template{Title: "x"}, `templates: "*" is no type of notice; write one of account.checked, account.removed, `},
		{"no title", watch.StatusChanged, notify.Template{Text: "x"}, "templates: status.changed: title: is empty"},
		{"a title of nothing to see", watch.StatusChanged, notify.Template{Title: " \u200b\n"}, "title: is empty"},
		{"a place for no value", watch.StatusChanged, notify.Template{Title: "é {befor}"}, "title: character 3: {befor} is no placeholder; did you mean before?"},
		{"a brace of one's own", watch.StatusChanged, notify.Template{Title: "x", Text: "one\n{}"}, "text: line 2: character 1: {} is no placeholder; write one of account, "},
		{"a brace left open", watch.StatusChanged, notify.Template{Title: "{{{end"}, "title: character 3: { has no }"},
		{"a brace within a brace", watch.StatusChanged, notify.Template{Title: "{end{at}"}, "title: character 1: { has no }"},
		{"a label without a name", watch.StatusChanged, notify.Template{Title: "{label.}"}, "{label.} names no label"},
		{"a long title", watch.StatusChanged, notify.Template{Title: long}, "title: is over 200 bytes"},
		{"a long text", watch.StatusChanged, notify.Template{Title: "x", Text: long}, "text: is over 1000 bytes"},
	} {
		w := notify.Wording{Templates: map[watch.Type]notify.Template{tt.typ: tt.tm}}
		if _, err := w.Voice(notify.Deps{}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}

func TestATemplateStandsForTheSentences(t *testing.T) {
	v := own(t, "en", watch.ExpiryApproaching, notify.Template{
		Title: "{{renew}} {label.team}: {before}{left} to {end}", Text: "Call Li.\n\nTicket {label.ticket}, runbook {runbook}\n"})
	got := notify.Compose(notifytest.Find("expiry-3d"), v).Texts[0]
	if want := "[CRITICAL] {renew}} sec: –2 days to 2026-11-27 00:00 UTC+8 · acme-prod · prowatch"; got.Title != want {
		t.Errorf("title %q, want %q", got.Title, want)
	}
	plain := notify.Plain(notify.Document{Texts: []notify.Text{got}})
	if !strings.Contains(plain, "\nCall Li.\nTicket –, runbook https://wiki.example.com/tcss#lapse\nRenew in the console: https://") {
		t.Errorf("the text has not taken the place of the sentence:\n%s", plain)
	}
	if r, ok := got.Row(notify.Deadline); !ok || r.Value == "" || strings.Contains(plain, "Unless it is renewed") {
		t.Errorf("the deadline is gone, or the old sentence is not:\n%s", plain)
	}
	other := notifytest.Find("expiry-renewed")
	if a, b := notify.Plain(notify.Compose(other, v)), notify.Plain(notify.Compose(other, english(t))); a != b {
		t.Errorf("a template of one type changed another:\n%s", a)
	}
}

func TestATemplateWithoutATextLeavesTheSentence(t *testing.T) {
	v := own(t, "en", watch.ExpiryApproaching, notify.Template{Title: "{tag} prowatch: {account}"})
	m := notifytest.Find("expiry-3d")
	got, usual := notify.Compose(m, v).Texts[0], notify.Compose(m, english(t)).Texts[0]
	if got.Title != "[CRITICAL] prowatch: acme-prod" {
		t.Errorf("title %q has what the template has a second time", got.Title)
	}
	if got.Title = usual.Title; notify.Plain(notify.Document{Texts: []notify.Text{got}}) != notify.Plain(notify.Document{Texts: []notify.Text{usual}}) {
		t.Error("more than the title changed")
	}
}

// TestEveryValueIsAtEveryNotice puts every value in each template: whatever the
// notice, none is empty, and the title and what may not be lost are there.
func TestEveryValueIsAtEveryNotice(t *testing.T) {
	names := notify.TemplateValues()
	for _, c := range notifytest.Cases() {
		n := c.Message.Items[0].Notice
		if n.Type == "channel.test" { // a type of a later version
			continue
		}
		for _, name := range names {
			v := own(t, "zh", n.Type, notify.Template{Title: "x", Text: "<{" + name + "}>"})
			doc := notify.Compose(c.Message, v)
			text := notify.Plain(doc)
			if strings.Contains(text, "<>") || strings.Contains(text, "{"+name+"}") || strings.Contains(text, "<?>") {
				t.Errorf("%s: {%s} became nothing:\n%s", c.Name, name, text)
			}
			title := doc.Texts[0].Title
			if !strings.HasPrefix(title, doc.Texts[0].Tag+"x") || !strings.HasSuffix(title, "prowatch") || !strings.Contains(text, n.ID) || !strings.Contains(text, n.Account) {
				t.Errorf("%s: with {%s} the tag, the account, the word or the id is gone:\n%s", c.Name, name, text)
			}
		}
	}
}

func TestAValueInATemplateStaysOnItsLineAndShort(t *testing.T) {
	m := notifytest.Find("failing-denied")
	m.Items[0].Notice.Message = "a\r\n{account}[OK]\x1b" + strings.Repeat("密", 3000)
	v := own(t, "en", watch.CheckFailing, notify.Template{Title: "{message}", Text: "Said: {message}"})
	got := notify.Compose(m, v).Texts[0]
	if len(got.Title) > 400 || strings.ContainsAny(got.Title, "\r\n\x1b") || !strings.HasPrefix(got.Title, "[WARNING] a {account}") && !strings.HasPrefix(got.Title, "[CRITICAL] a {account}") {
		t.Errorf("title %q", got.Title)
	}
	r, _ := got.Row(notify.Means)
	if _, detail := got.Row(notify.Detail); detail || len(r.Value) > 600 || strings.ContainsAny(r.Value, "\r\n\x1b") {
		t.Errorf("the text is %q, and the API's words stand a second time: %v", r.Value, detail)
	}
}

func TestBothLanguagesTakeTheTemplate(t *testing.T) {
	v := own(t, "both", watch.ExpiryApproaching, notify.Template{Title: "Licence: {left}", Text: "Call Li."})
	texts := notify.Compose(notifytest.Find("expiry-3d"), v).Texts
	for i, want := range []string{"[CRITICAL] Licence: 2 days", "【严重】Licence: 2 天"} {
		if r, _ := texts[i].Row(notify.Means); !strings.HasPrefix(texts[i].Title, want) || r.Value != "Call Li." {
			t.Errorf("got %q and %q, want %q", texts[i].Title, r.Value, want)
		}
	}
}

func TestTemplatesHoldInADigest(t *testing.T) {
	v := own(t, "en", watch.ExpiryApproaching, notify.Template{Title: "Licence of {account}: {left}", Text: strings.Repeat("Call Li. ", 100)})
	text, ok := notify.Compose(notifytest.Digest(40), v).Fit(4096, notify.Plain)
	if !ok || strings.Count(text, "Licence of acme-") < 2 || !strings.Contains(text, "more, left out for size") {
		t.Errorf("fits: %v\n%s", ok, text)
	}
}

func TestGoldenTemplates(t *testing.T) {
	w := notify.Wording{Templates: map[watch.Type]notify.Template{
		watch.StatusChanged:     {Title: "{account} ({label.team}) went from {before} to {after}, {at}", Text: "Page the owner of {label.env}, then follow {runbook}"},
		watch.ExpiryApproaching: {Title: "Renew {account} within {left}, by {end}", Text: "The budget holder is Li.\nThis is the {threshold} warning; {{ids}: {id}."},
		watch.CheckFailing:      {Title: "Blind on {account} after {failures} tries", Text: "{class}/{code}: {message}"},
	}}
	v, err := w.Voice(notify.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, c := range notifytest.Cases() {
		if _, has := w.Templates[c.Message.Items[0].Notice.Type]; has {
			b.WriteString("=== " + c.Name + "\n" + notify.Plain(notify.Compose(c.Message, v)) + "\n\n")
		}
	}
	notifytest.Golden(t, "templates.txt", b.String())
}
