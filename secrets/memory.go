package secrets

import (
	"context"
	"sync"
	"time"
)

// keep is how long an answer is remembered: as long as one reading of a
// configuration takes, in which several fields of one secret are asked for.
const keep = 20 * time.Second

// Memory remembers for some seconds what a service answered. The zero value is
// ready to use, by many goroutines; those who ask for the same wait for one
// answer.
type Memory struct {
	mu    sync.Mutex
	known map[string]known
}

type known struct {
	value string
	at    time.Time
}

// Get returns the value that key had lately, or what ask returns. A failure is
// not remembered.
func (m *Memory) Get(ctx context.Context, key string, ask func(context.Context) (string, error)) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if k, ok := m.known[key]; ok && time.Since(k.at) < keep {
		return k.value, nil
	}
	value, err := ask(ctx)
	if err != nil {
		return "", err
	}
	if m.known == nil {
		m.known = map[string]known{}
	}
	m.known[key] = known{value, time.Now()}
	return value, nil
}
