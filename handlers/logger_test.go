package handlers_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"go.uber.org/zap"

	"prowatch/handlers"
)

func TestALogLineIsWhatLambdaFilters(t *testing.T) {
	var buf bytes.Buffer
	log := handlers.NewLogger(&buf)
	log.Debug("unseen")
	log.Warn("run", zap.Duration("took", 1500*time.Millisecond), zap.Time("scheduled", time.Unix(0, 0)))
	var got map[string]string
	if err := json.Unmarshal(buf.Bytes(), &got); err != nil {
		t.Fatalf("%v in %q", err, buf.String())
	}
	at, err := time.Parse(time.RFC3339, got["timestamp"])
	if err != nil || time.Since(at) > time.Minute {
		t.Errorf("got timestamp %q, want now (%v)", got["timestamp"], err)
	}
	if got["level"] != "WARN" || got["message"] != "run" || got["took"] != "1.5s" || got["scheduled"] != "1970-01-01T00:00:00.000Z" {
		t.Errorf("got %s", buf.String())
	}
}
