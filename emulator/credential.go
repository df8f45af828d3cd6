package emulator

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"
)

// maxTemporary bounds how many temporary credentials are remembered; beyond
// it those that have expired are forgotten, and then any.
const maxTemporary = 10_000

// credential is what one SecretId signs with, and the account it acts for.
type credential struct {
	key, token string
	derived    *signingKey // from key
	account    string      // a SecretId too, its own when it is permanent
	expires    time.Time   // zero is never
}

// credentialOf returns the credential with a SecretId. The lock is held.
func (e *Emulator) credentialOf(id string) (credential, bool) {
	if a, ok := e.accounts[id]; ok {
		return credential{key: a.key, token: a.token, derived: a.derived, account: id}, true
	}
	c, ok := e.temporary[id]
	return c, ok
}

// lookUp is credentialOf for those who do not hold the lock.
func (e *Emulator) lookUp(id string) (credential, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.credentialOf(id)
}

// mint makes a temporary credential for an account and returns its SecretId.
// The lock is held.
func (e *Emulator) mint(account string, expires time.Time) (string, credential) {
	if len(e.temporary) >= maxTemporary {
		e.forgetTemporary()
	}
	id := "AKID" + e.randomText(32)
	c := credential{key: e.randomText(32), token: e.randomText(96), derived: &signingKey{}, account: account, expires: expires}
	e.temporary[id] = c
	return id, c
}

// forgetTemporary makes room for one more.
func (e *Emulator) forgetTemporary() {
	now := e.now()
	for id, c := range e.temporary {
		if now.After(c.expires) {
			delete(e.temporary, id)
		}
	}
	for id := range e.temporary {
		if len(e.temporary) < maxTemporary {
			return
		}
		delete(e.temporary, id)
	}
}

// randomText returns n characters of letters, digits, "-" and "_".
func (e *Emulator) randomText(n int) string {
	return base64.RawURLEncoding.EncodeToString(e.random(n))[:n]
}

// newUUID returns a random RFC 4122 identifier, version 4.
func (e *Emulator) newUUID() string {
	b := e.random(16)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	s := hex.EncodeToString(b)
	return strings.Join([]string{s[:8], s[8:12], s[12:16], s[16:20], s[20:]}, "-")
}

// random reads n random bytes.
func (e *Emulator) random(n int) []byte {
	e.randomLock.Lock()
	defer e.randomLock.Unlock()
	b := make([]byte, n)
	if _, err := io.ReadFull(e.randomness, b); err != nil {
		panic(fmt.Sprintf("emulator: reading random bytes: %v", err))
	}
	return b
}
