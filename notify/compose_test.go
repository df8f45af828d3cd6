package notify_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"prowatch/notify"
	"prowatch/notify/notifytest"
	"prowatch/watch"
)

var moment = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d UTC(\+8)?`)

// aliveTitle says of how many accounts, and how the first of them are.
var aliveTitle = regexp.MustCompile(`^(\[INFO\] |【提示】)prowatch [^:：]{1,12}[:：] ?12 .{1,10}(all Normal|9 Normal|全部已购买|已购买 9 个)`)

func TestTheFirst60CharactersSayHowBadWhatAndWhen(t *testing.T) {
	v := voice(t, "both")
	v.Zone = time.FixedZone("CST", 8*60*60)
	for _, c := range notifytest.Cases() {
		for _, text := range notify.Compose(c.Message, v).Texts {
			title := text.Title
			if c.Message.Items[0].Notice.Type == watch.WatchAlive { // is of no moment and no account
				if !aliveTitle.MatchString(title) {
					t.Errorf("%s: title %q does not begin with how many accounts are how", c.Name, title)
				}
				continue
			}
			at := moment.FindStringIndex(title)
			if at == nil {
				t.Errorf("%s: no time in %q", c.Name, title)
				continue
			}
			if n := utf8.RuneCountInString(title[:at[1]]); n > 60 {
				t.Errorf("%s: the time ends at character %d of %q", c.Name, n, title)
			}
			if text.Tag == "" || !strings.HasPrefix(title, text.Tag) || !strings.HasSuffix(title, " · acme-prod · prowatch") {
				t.Errorf("%s: title %q lacks its severity, account or the constant word", c.Name, title)
			}
		}
	}
}

func TestGoodNewsIsTagged(t *testing.T) {
	for name, want := range map[string]string{
		"status-normal": "OK", "expiry-renewed": "OK", "recovered": "OK", "delivery-recovered": "OK", "capacity-met": "OK",
		"status-isolate": "CRITICAL", "expiry-shortened": "WARNING", "expiry-set": "INFO", "capacity-limit": "INFO", "removed": "INFO",
	} {
		if got := notify.Compose(notifytest.Find(name), english(t)).Texts[0]; got.Tag != "["+want+"]" || got.Good != (want == "OK") {
			t.Errorf("%s: tag %q and good %v, want %q", name, got.Tag, got.Good, want)
		}
	}
}

func TestLateIsToldOnlyPastTenMinutes(t *testing.T) {
	for age, want := range map[time.Duration]bool{10 * time.Minute: false, 10*time.Minute + time.Second: true, -time.Hour: false} {
		m := notifytest.Find("expiry-3d")
		m.At = m.Items[0].Notice.At.Add(age)
		if got := strings.Contains(notify.Plain(notify.Compose(m, english(t))), "Told late"); got != want {
			t.Errorf("sent %v after it was seen: told late %v, want %v", age, got, want)
		}
	}
}

func TestWhatOthersWroteStaysOnItsLine(t *testing.T) {
	m := notifytest.Find("failing-denied")
	m.Items[0].Notice.Message = "a\r\n[OK] all is well · prowatch\x1b[31m\u202e{account}\x00\xff"
	m.Items[0].Notice.Labels = map[string]string{"k\n": "v\n[OK]"}
	for _, line := range strings.Split(notify.Plain(notify.Compose(m, english(t))), "\n")[1:] {
		if strings.HasPrefix(line, "[") {
			t.Errorf("a text from outside became a title: %q", line)
		}
		if strings.ContainsAny(line, "\x1b\u202e\x00\r") || !utf8.ValidString(line) {
			t.Errorf("control characters came through: %q", line)
		}
	}
}

func TestDigestTitleSaysHowManyMore(t *testing.T) {
	d := notify.Compose(notifytest.Digest(12), english(t))
	if !strings.HasSuffix(d.Title, " · prowatch · +11 more") || d.Severity != watch.Critical || d.Good {
		t.Errorf("digest: title %q, severity %s, good %v", d.Title, d.Severity, d.Good)
	}
	if d := notify.Compose(watch.Message{ID: "x"}, english(t)); len(d.Texts) != 0 {
		t.Errorf("a message without notices has texts: %v", d.Texts)
	}
}

func TestAMessageWithoutATimeIsOfItsNotice(t *testing.T) {
	m := notifytest.Find("expiry-3d")
	m.At = time.Time{}
	text := notify.Plain(notify.Compose(m, english(t)))
	if !strings.Contains(text, "ends in 2 days") || strings.Contains(text, "Told late") {
		t.Errorf("the message counts from another time than its notice's:\n%s", text)
	}
}

func TestBothLanguagesTellEachNotice(t *testing.T) {
	v := voice(t, "both")
	d := notify.Compose(notifytest.Digest(12), v)
	if len(d.Texts) != 24 {
		t.Fatalf("%d texts, want 24", len(d.Texts))
	}
	text, ok := d.Fit(6000, notify.Plain)
	en, zh := strings.Count(text, "TCSS Pro ends"), strings.Count(text, "TCSS 专业版 ")
	if !ok || en < 2 || en != zh {
		t.Errorf("%d notices in English and %d in Chinese in the fitted text, want as many of each", en, zh)
	}
	for _, c := range notifytest.Cases() {
		texts := notify.Compose(c.Message, v).Texts
		for _, p := range []notify.Part{notify.Remark, notify.Change, notify.Deadline, notify.Means, notify.Action, notify.Runbook} {
			first, inFirst := texts[0].Row(p)
			second, inSecond := texts[1].Row(p)
			if inFirst != inSecond || first.URL != second.URL {
				t.Errorf("%s: English has %+v, Chinese %+v", c.Name, first, second)
			}
		}
		for _, p := range []notify.Part{notify.Detail, notify.Fact} {
			if r, ok := texts[1].Row(p); ok {
				t.Errorf("%s: %+v stands twice", c.Name, r)
			}
		}
	}
}

func TestFitAtEverySize(t *testing.T) {
	messages := map[string]watch.Message{"digest": notifytest.Digest(9)}
	long := notifytest.Find("failing-denied")
	long.Items[0].Notice.Message = strings.Repeat("密钥不存在，", 100)
	long.Items[0].Notice.Labels = map[string]string{"说明": strings.Repeat("标签", 300)}
	messages["long"] = long
	for name, m := range messages {
		d := notify.Compose(m, english(t))
		whole := notify.Plain(d)
		for limit := len(whole) + 1; limit > 0; limit -= 7 {
			text, ok := d.Fit(limit, notify.Plain)
			if !ok {
				if limit > 700 {
					t.Errorf("%s does not fit in %d bytes", name, limit)
				}
				continue
			}
			wantKept(t, fmt.Sprintf("%s in %d bytes", name, limit), text, limit, d)
		}
	}
}

func wantKept(t *testing.T, name, text string, limit int, d notify.Document) {
	t.Helper()
	if len(text) > limit || !utf8.ValidString(text) {
		t.Errorf("%s: %d bytes, valid %v", name, len(text), utf8.ValidString(text))
	}
	first := d.Texts[0]
	action, _ := first.Row(notify.Action)
	deadline, _ := first.Row(notify.Deadline)
	for _, want := range []string{first.Title, deadline.Value, action.URL, first.Footer, d.ID} {
		if !strings.Contains(text, want) {
			t.Errorf("%s: lacks %q", name, want)
		}
	}
}

func TestFitDoesNotChangeTheDocument(t *testing.T) {
	m := notifytest.Find("failing-denied")
	m.Items[0].Notice.Message = strings.Repeat("密", 500)
	d := notify.Compose(m, english(t))
	before := notify.Plain(d)
	d.Fit(900, notify.Plain)
	if notify.Plain(d) != before {
		t.Error("Fit changed the document it was called on")
	}
}

func FuzzClip(f *testing.F) {
	f.Add("主机安全", 7)
	f.Add("plain", 3)
	f.Fuzz(func(t *testing.T, s string, n int) {
		got := notify.Clip(s, n)
		if n >= 0 && len(got) > n {
			t.Errorf("Clip(%q, %d) has %d bytes", s, n, len(got))
		}
		if utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Errorf("Clip(%q, %d) = %q is broken within a rune", s, n, got)
		}
	})
}

func TestShrinkKeepsAsManyNoticesAsFit(t *testing.T) {
	d := notify.Compose(notifytest.Digest(40), english(t))
	for want := 1; want <= 40; want++ {
		got, ok := d.Shrink(func(d notify.Document) bool { return len(d.Texts) <= want })
		if !ok || len(got.Texts) != want {
			t.Errorf("Shrink to %d notices kept %d, %v", want, len(got.Texts), ok)
		}
	}
	if _, ok := d.Shrink(func(notify.Document) bool { return false }); ok {
		t.Error("Shrink to nothing says that it fits")
	}
}

func TestUnits(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "密钥": 2, "🔴": 2, "\xff": 1} {
		if got := notify.Units(s); got != want {
			t.Errorf("Units(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestTheLinkIsToThePageToActOn(t *testing.T) {
	for name, want := range map[string]string{
		"expiry-3d":               "https://console.cloud.tencent.com/tcss",
		"failing-denied":          "https://console.cloud.tencent.com/cam/capi",
		"failing-denied-at-first": "https://console.cloud.tencent.com/tcss",
		"reminder-denied":         "https://console.cloud.tencent.com/cam",
		"delivery-failed":         "",
		"delivery-recovered":      "",
	} {
		m := notifytest.Find(name)
		m.Items[0].Console = "https://console.cloud.tencent.com/tcss"
		row, _ := notify.Compose(m, english(t)).Texts[0].Row(notify.Action)
		if row.URL != want {
			t.Errorf("%s links to %q, want %q", name, row.URL, want)
		}
	}
}

func TestALabelHasTheColonOfItsScript(t *testing.T) {
	for label, want := range map[string]string{"Status": "Status: ", "状态": "状态：", "资源 ID": "资源 ID："} {
		if got := (notify.Row{Label: label}).Lead(); got != want {
			t.Errorf("Lead of %q = %q, want %q", label, got, want)
		}
	}
}

// TestBothLanguagesFitTheSmallestForm holds that a notice is never refused for
// being told twice: 2000 characters are the least that a chat takes.
func TestBothLanguagesFitTheSmallestForm(t *testing.T) {
	for _, c := range notifytest.Cases() {
		m := c.Message
		m.Items[0].Notice.Account = strings.Repeat("a", 64)
		m.Items[0].Notice.Message = strings.Repeat("密钥不存在，", 100)
		m.PossibleDuplicate = true
		d := notify.Compose(m, voice(t, "both"))
		text, ok := d.Fit(2000, notify.Plain)
		if !ok || strings.Count(text, m.ID) < 2 {
			t.Errorf("%s does not fit in 2000 bytes in both languages", c.Name)
		}
	}
}
