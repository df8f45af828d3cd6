package notify_test

import (
	"strings"
	"testing"

	"prowatch/notify"
	"prowatch/notify/notifytest"
)

func TestPlain(t *testing.T) {
	for language, file := range map[string]string{"en": "plain.txt", "zh": "plain.zh.txt", "both": "plain.both.txt"} {
		v := voice(t, language)
		var all strings.Builder
		for _, c := range append(notifytest.Cases(), notifytest.Case{Name: "digest-3", Message: notifytest.Digest(3)}) {
			all.WriteString("--- " + c.Name + "\n" + notify.Plain(notify.Compose(c.Message, v)) + "\n\n")
		}
		notifytest.Golden(t, file, all.String())
	}
}

func english(t *testing.T) notify.Voice { return voice(t, "en") }

func voice(t *testing.T, language string) notify.Voice {
	t.Helper()
	v, err := notify.Wording{Language: language}.Voice(notify.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}
