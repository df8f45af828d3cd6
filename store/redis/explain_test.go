package redis

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"prowatch/store/remote"
)

// answer is an error that a server answered.
type answer string

func (a answer) Error() string { return string(a) }
func (answer) RedisError()     {}

func TestAnswersOfOldServersAreUnderstood(t *testing.T) {
	for _, tt := range []struct {
		text    string
		verdict remote.Verdict
		mend    string
	}{
		{"ERR Client sent AUTH, but no password is set", remote.Final, "wants no password"}, // 5.0
		{"ERR invalid password", remote.Final, "check the password"},                        // 5.0
		{"ERR Error running script (call to f_2067d915024a3e1657c4169c84f809f8ec75b9a6): @user_script:4: @user_script: 4: -READONLY You can't write against a read only replica.", remote.Refused, "name the primary"}, // 6.2
		{"ERR unknown command", remote.Final, ""},
	} {
		if got := judge(answer(tt.text)); got != tt.verdict {
			t.Errorf("judge(%q): got %v, want %v", tt.text, got, tt.verdict)
		}
		s, err := Open(t.Context(), "redis://:sesame@host:1", nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.explain(answer(tt.text + " sesame")).Error(); !strings.Contains(got, tt.mend) || strings.Contains(got, "sesame") {
			t.Errorf("explain: got %q, want one with %q and not the password", got, tt.mend)
		}
	}
}

func TestAConnectionThatBrokeLeavesItOpen(t *testing.T) {
	for _, err := range []error{io.EOF, io.ErrUnexpectedEOF, errors.New("broken pipe"), context.DeadlineExceeded} {
		if got := judge(err); got != remote.Unsure {
			t.Errorf("judge(%v): got %v, want %v", err, got, remote.Unsure)
		}
	}
}
