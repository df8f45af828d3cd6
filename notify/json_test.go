package notify_test

import (
	"testing"

	"prowatch/notify"
)

func TestJSONLeavesMarkupAsItIs(t *testing.T) {
	got, err := notify.JSON(map[string]string{"a": `<@u> & "密"`})
	if want := `{"a":"<@u> & \"密\""}`; err != nil || string(got) != want {
		t.Errorf("JSON = %s, %v; want %s", got, err, want)
	}
}
