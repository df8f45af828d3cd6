package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"prowatch/store/remote"
	"prowatch/watch"
)

// pageSize is how many keys one statement of a list returns.
const pageSize = 1000

// A Store is a [watch.Store] in a table. Any number of stores, in any number of
// processes, may use the same table.
type Store struct {
	pool   *pgxpool.Pool
	addr   string
	secret string // the password, to be kept out of errors
	name   string // of the table, as the URL has it
	table  string // the same, quoted
	random io.Reader
	seen   atomic.Bool // the table was there
}

var _ watch.Store = (*Store)(nil)

var errUnsure = errors.New("the answer was lost, and another writer came after: this may have been done or not")

// Close closes the connections and waits for what is under way.
func (s *Store) Close() { s.pool.Close() }

// Load implements [watch.Store].
func (s *Store) Load(ctx context.Context, key string) (data []byte, version string, err error) {
	_, err = s.try(ctx, func(ctx context.Context) error {
		return s.pool.QueryRow(ctx, `SELECT data, version FROM `+s.table+` WHERE key = $1`, key).Scan(&data, &version)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		err = watch.ErrNotFound
	}
	if err != nil {
		return nil, "", fmt.Errorf("loading record %.80q: %w", key, err)
	}
	return data, version, nil
}

// Save implements [watch.Store]. Where an answer was lost and another writer
// came in between, it is unknown who won: that is an error of its own.
func (s *Store) Save(ctx context.Context, key string, data []byte, expected string) (string, error) {
	version, err := remote.Draw(s.random)
	if err == nil {
		err = s.save(ctx, key, data, expected, version)
	}
	if err != nil {
		return "", fmt.Errorf("saving record %.80q: %w", key, err)
	}
	return version, nil
}

// save writes in one statement. A statement that comes again finds its own
// version, and counts that as its row.
func (s *Store) save(ctx context.Context, key string, data []byte, expected, version string) error {
	query := `INSERT INTO ` + s.table + ` AS old (key, version, data) VALUES ($1, $2, $3)
ON CONFLICT (key) DO UPDATE SET saved = old.saved WHERE old.version = EXCLUDED.version`
	args := []any{key, version, append([]byte{}, data...)} // nil would be NULL
	if expected != "" {
		query = `UPDATE ` + s.table + ` SET version = $2, data = $3, saved = now() WHERE key = $1 AND version IN ($2, $4)`
		args = append(args, expected)
	}
	rows, unsure, err := s.exec(ctx, query, args...)
	switch {
	case err != nil:
		return err
	case rows == 0 && unsure:
		return errUnsure
	case rows == 0:
		return watch.ErrConflict
	}
	return nil
}

// Delete implements [watch.Store]. If its answer was lost and the record is
// gone when it asks again, it has succeeded.
func (s *Store) Delete(ctx context.Context, key, expected string) error {
	rows, unsure, err := s.exec(ctx, `DELETE FROM `+s.table+` WHERE key = $1 AND version = $2`, key, expected)
	if err == nil && rows == 0 {
		err = s.whyKept(ctx, key, unsure)
	}
	if err != nil {
		return fmt.Errorf("deleting record %.80q: %w", key, err)
	}
	return nil
}

// whyKept says why Delete met no record with its version.
func (s *Store) whyKept(ctx context.Context, key string, unsure bool) error {
	_, _, err := s.Load(ctx, key)
	missing := errors.Is(err, watch.ErrNotFound)
	switch {
	case missing && unsure:
		return nil
	case missing:
		return watch.ErrNotFound
	case err != nil:
		return err
	case unsure:
		return errUnsure
	}
	return watch.ErrConflict
}

// exec returns how many rows a statement changed.
func (s *Store) exec(ctx context.Context, query string, args ...any) (rows int64, unsure bool, err error) {
	unsure, err = s.try(ctx, func(ctx context.Context) error {
		tag, err := s.pool.Exec(ctx, query, args...)
		rows = tag.RowsAffected()
		return err
	})
	return rows, unsure, err
}

// List implements [watch.Store]. It reads a page at a time, and holds no
// connection while it yields.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for after := ""; ; {
			keys, err := s.page(ctx, prefix, after)
			for _, key := range keys {
				if err = ctx.Err(); err != nil {
					break
				}
				if !strings.HasPrefix(key, prefix) || !yield(key, nil) {
					return
				}
				after = key
			}
			if err != nil {
				yield("", fmt.Errorf("listing records: %w", err))
				return
			}
			if len(keys) < pageSize {
				return
			}
		}
	}
}

// page returns the first keys that are not less than prefix and greater than
// after, by bytes.
func (s *Store) page(ctx context.Context, prefix, after string) (keys []string, err error) {
	query := `SELECT key FROM ` + s.table + ` WHERE key COLLATE "C" >= $1 AND key COLLATE "C" > $2 ORDER BY key COLLATE "C" LIMIT $3`
	_, err = s.try(ctx, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, query, prefix, after, pageSize)
		if err != nil {
			return err
		}
		keys, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	return keys, err
}

// try calls f as [remote.Try] does, with a table to work on.
func (s *Store) try(ctx context.Context, f func(context.Context) error) (unsure bool, err error) {
	unsure, err = remote.Try(ctx, judge, func(ctx context.Context) error { return s.withTable(ctx, f) })
	if err != nil && ctx.Err() == nil && !errors.Is(err, pgx.ErrNoRows) {
		err = s.explain(err)
	}
	return unsure, err
}
