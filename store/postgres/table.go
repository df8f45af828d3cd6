package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// undefinedTable is the code of a statement whose table is not there.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const undefinedTable = "42P01"

// withTable calls f, and once again if the table had to be made for it. A table
// that was there before f began and is gone is an error: to make it anew would be
// to forget in silence.
func (s *Store) withTable(ctx context.Context, f func(context.Context) error) error {
	seen := s.seen.Load() // another call may make the table while f misses it
	err := f(ctx)
	if code(err) == undefinedTable && !seen {
		if err := s.makeTable(ctx); err != nil {
			return err
		}
		err = f(ctx)
	}
	if err == nil {
		s.seen.Store(true)
	}
	return err
}

// makeTable makes the table unless it is there. Several that did at once would
// meet errors of the catalogue, so each waits for the one before it.
func (s *Store) makeTable(ctx context.Context) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, "prowatch makes table "+s.name)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `CREATE TABLE IF NOT EXISTS `+s.table+` (
	key     text COLLATE "C" PRIMARY KEY,
	version text NOT NULL,
	data    bytea NOT NULL,
	saved   timestamptz NOT NULL DEFAULT now()
)`)
		return err
	})
}

// code returns the code of a server's error, "" for any other.
func code(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
