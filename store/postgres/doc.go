// Package postgres keeps records in a table of PostgreSQL 11 or later, or of a
// server that speaks as it does.
//
// The state is a URL:
//
//	postgres://[user[:password]@]host[:port]/database[?table=prowatch]
//
// Further parameters are those of libpq: sslmode, sslrootcert, sslcert, sslkey
// and target_session_attrs; and pool_max_conns, 16 at most unless it is set.
// Beyond the loopback interface sslmode is verify-full unless the URL says
// otherwise. What else the URL leaves open, the password above all, may come
// from ~/.pgpass and the PG… variables, as with psql.
//
// The table is made at the first use, if it is missing; one that goes away
// later is an error. The name may have a schema, table=ops.prowatch, which must
// exist. A user who may not create tables is given one:
//
//	CREATE TABLE prowatch (
//		key     text COLLATE "C" PRIMARY KEY,
//		version text NOT NULL,
//		data    bytea NOT NULL,
//		saved   timestamptz NOT NULL DEFAULT now()
//	);
//	GRANT SELECT, INSERT, UPDATE, DELETE ON prowatch TO prowatch;
//
// A row is a record, and its version is a token that changes with each save: a
// save is one statement, which writes only over the version it expects. Nothing
// is prepared, so that PgBouncer may stand in between, in each of its modes.
//
// A save that returned survives a crash unless synchronous_commit is off. After
// a failover to a replica that follows asynchronously the last saves may be
// missing; what they noted as sent is sent again.
package postgres
