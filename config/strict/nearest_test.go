package strict_test

import (
	"testing"

	"prowatch/config/strict"
)

func TestNearest(t *testing.T) {
	words := []string{"secret_id", "secret_key", "site", "id", "wecom", "DingTalk"}
	for _, tt := range []struct{ in, want string }{
		{"secert_id", "secret_id"}, {"secretid", "secret_id"}, {"SECRET_KEY", "secret_key"}, {"stie", "site"},
		{"ID", "id"}, {"wechat", ""}, {"dingtlak", "DingTalk"}, {"x", ""}, {"", ""}, {"completely_else", ""},
	} {
		if got := strict.Nearest(tt.in, words); got != tt.want {
			t.Errorf("Nearest(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}
