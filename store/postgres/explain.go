package postgres

import (
	"crypto/tls"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"prowatch/store/remote"
)

// answers are the errors of a server by code: whether another attempt may help,
// and the mend. https://www.postgresql.org/docs/current/errcodes-appendix.html
var answers = map[string]struct {
	verdict remote.Verdict
	mend    string
}{
	"28P01":        {remote.Final, "check the user and the password in the state"},
	"28000":        {remote.Final, "check the user, and what pg_hba.conf of the server lets in"},
	"3D000":        {remote.Final, "create the database, or name another"},
	"3F000":        {remote.Final, "create the schema, or name a table without one"},
	"42501":        {remote.Final, "grant the user SELECT, INSERT, UPDATE and DELETE on the table, and CREATE on its schema unless the table is there"},
	"42703":        {remote.Final, "the table is no table of prowatch: name another with ?table="},
	"42804":        {remote.Final, "the table is no table of prowatch: name another with ?table="},
	"42P10":        {remote.Final, "the table is no table of prowatch: name another with ?table="},
	"42809":        {remote.Final, "the table is no table of prowatch: name another with ?table="},
	undefinedTable: {remote.Final, "the table was there before and is gone: restore it, or start again to make a new one"},
	"25006":        {remote.Final, "name the primary, or add target_session_attrs=read-write"},
	"53100":        {remote.Final, "make room on the server's disk"},
	"53300":        {remote.Refused, "raise max_connections of the server, or set a lower pool_max_conns"},
	"57P03":        {remote.Refused, "it is starting or stopping: wait"},
	"57P01":        {remote.Unsure, "it is stopping"},
	"57P02":        {remote.Unsure, "it has crashed"},
	"40001":        {remote.Refused, "other transactions were in the way"},
	"40P01":        {remote.Refused, "other transactions were in the way"},
}

// judge says what an error tells about a call.
func judge(err error) remote.Verdict {
	var untrusted *tls.CertificateVerificationError
	var connecting *pgconn.ConnectError
	switch {
	case code(err) != "":
		return answers[code(err)].verdict
	case errors.Is(err, pgx.ErrNoRows), errors.As(err, &untrusted), refusesTLS(err):
		return remote.Final
	case errors.As(err, &connecting), pgconn.SafeToRetry(err):
		return remote.Refused
	}
	return remote.Unsure
}

// refusesTLS reports whether the server has no TLS. The library has no type for
// it.
func refusesTLS(err error) bool {
	return strings.Contains(err.Error(), "server refused TLS connection")
}

// explain says an error in plain words with its mend and without the password.
func (s *Store) explain(err error) error {
	var answer *pgconn.PgError
	if errors.As(err, &answer) {
		text := remote.Quote(answer.Message, s.secret)
		if a, ok := answers[answer.Code]; ok {
			text += "; " + a.mend
		}
		return fmt.Errorf("PostgreSQL at %s, table %s: %s (%s)", s.addr, s.name, text, answer.Code)
	}
	var connecting *pgconn.ConnectError
	if errors.As(err, &connecting) { // names user and database first
		err = connecting.Unwrap()
	}
	mend := "check the host, the port and the way to it"
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.As(err, &untrusted):
		mend = "name its authority with sslrootcert or ca_file, or write sslmode=require to encrypt without knowing the server"
	case refusesTLS(err):
		mend = "turn on ssl there, or write sslmode=disable to send all in the clear"
	}
	return fmt.Errorf("no answer from PostgreSQL at %s: %s; %s", s.addr, remote.Quote(strings.ReplaceAll(err.Error(), "\n", " "), s.secret), mend)
}
