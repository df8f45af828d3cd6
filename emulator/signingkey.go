package emulator

import "sync"

// signingKey remembers the last key that was derived from a secret key: a
// client signs with the same one for a day.
type signingKey struct {
	mu            sync.Mutex
	date, service string
	key           []byte
}

// of returns the key that r signs with.
func (s *signingKey) of(r recipeTC3) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.key == nil || s.date != r.date || s.service != r.service {
		s.date, s.service, s.key = r.date, r.service, r.signingKey()
	}
	return s.key
}
