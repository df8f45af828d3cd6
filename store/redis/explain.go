package redis

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"

	goredis "github.com/redis/go-redis/v9"

	"prowatch/store/remote"
)

// answers are the errors of a server by the word they begin with: whether
// another attempt may help, and the mend.
// https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
var answers = []struct {
	begin   string
	verdict remote.Verdict
	mend    string
}{
	{"LOADING", remote.Refused, "it is reading its data from disk: wait"},
	{"BUSY", remote.Refused, "a script of somebody else holds it up"},
	{"MASTERDOWN", remote.Refused, "its primary cannot be reached"},
	{"ERR max number of clients", remote.Refused, "raise maxclients, or close other connections"},
	{"READONLY", remote.Refused, "name the primary, not a replica"},
	{"NOREPLICAS", remote.Refused, "too few replicas follow: see min-replicas-to-write"},
	{"CLUSTERDOWN", remote.Refused, "name a server that is no cluster"},
	{"MOVED", remote.Final, "this is a cluster of many shards: name a server that is none"},
	{"CROSSSLOT", remote.Final, "this is a cluster of many shards: name a server that is none"},
	{"OOM", remote.Final, "raise maxmemory"},
	{"MISCONF", remote.Final, "it cannot write to its disk: see its log"},
	{"WRONGPASS", remote.Final, "check the user and the password in the state"},
	{"ERR Client sent AUTH", remote.Final, "the server wants no password: leave it out of the state"},
	{"ERR invalid password", remote.Final, "check the password in the state"},
	{"NOAUTH", remote.Final, "the server wants a password: redis://user:password@host"},
	{"NOPERM", remote.Final, "the user lacks a right: see the documentation of the store for the commands"},
	{"ERR DB index", remote.Final, "the server has no such database: name another, such as /0"},
	{"WRONGTYPE", remote.Final, errForeign.Error()},
}

// judge says what an error tells about a call.
func judge(err error) remote.Verdict {
	var answer goredis.Error
	if errors.As(err, &answer) {
		_, verdict := lookUp(answer)
		return verdict
	}
	var untrusted *tls.CertificateVerificationError
	if errors.As(err, &untrusted) {
		return remote.Final
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return remote.Refused
	}
	if errors.Is(err, goredis.ErrClosed) {
		return remote.Final
	}
	return remote.Unsure
}

// lookUp returns the mend of an answer, if there is one. Servers before 7.0 put
// what a script met after a text of their own.
func lookUp(answer goredis.Error) (mend string, verdict remote.Verdict) {
	for _, a := range answers {
		if strings.HasPrefix(answer.Error(), a.begin) || strings.Contains(answer.Error(), ": -"+a.begin) {
			return "; " + a.mend, a.verdict
		}
	}
	return "", remote.Final
}

// explain says an error in plain words with its mend and without the password.
func (s *Store) explain(err error) error {
	text := remote.Quote(err.Error(), s.secret)
	var answer goredis.Error
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.As(err, &answer):
		mend, _ := lookUp(answer)
		return fmt.Errorf("Redis at %s: %s%s", s.addr, text, mend)
	case errors.As(err, &untrusted):
		text += "; set ca_file if the authority is a private one"
	case s.client.Options().TLSConfig != nil: // without TLS a server waits for more
		text += "; check the host, the port and that it speaks TLS"
	default:
		text += "; check the host, the port and the way to it"
	}
	return fmt.Errorf("no answer from Redis at %s: %s", s.addr, text)
}
