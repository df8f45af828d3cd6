package notify_test

import (
	"strings"
	"testing"

	"prowatch/notify"
	"prowatch/notify/notifytest"
)

func TestPlain(t *testing.T) {
	v := english(t)
	var all strings.Builder
	for _, c := range notifytest.Cases() {
		all.WriteString("--- " + c.Name + "\n" + notify.Plain(notify.Compose(c.Message, v)) + "\n\n")
	}
	notifytest.Golden(t, "plain.txt", all.String())
}

func english(t *testing.T) notify.Voice {
	t.Helper()
	v, err := notify.Wording{}.Voice(notify.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}
