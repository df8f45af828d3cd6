package server

import (
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Postgres is a PostgreSQL server of one test, with an empty database
// "postgres" and a superuser of that name. It can be killed and started again.
type Postgres struct {
	Addr string // host:port

	bin, dir string
	cmd      *exec.Cmd
}

// StartPostgres starts PostgreSQL, which takes 1 s. It looks for initdb in the
// PATH and where Debian puts it. getenv is asked for PROWATCH_CI.
func StartPostgres(t *testing.T, getenv func(string) string) *Postgres {
	t.Helper()
	p := &Postgres{Addr: freeAddr(t), bin: postgresFolder(t, getenv), dir: postgresData(t)}
	if out, err := p.command("initdb", "-D", p.dir, "-A", "scram-sha-256", "-U", "postgres", "--pwfile", passwordFile(t, p.dir), "--no-sync", "-E", "UTF8", "--locale", "C.UTF-8").CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	p.Start(t)
	return p
}

// PostgresPassword is the superuser's.
const PostgresPassword = "sesame"

// URL returns the URL of the database "postgres" for the superuser, with these
// further parameters.
func (p *Postgres) URL(params string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword("postgres", PostgresPassword), Host: p.Addr, Path: "/postgres", RawQuery: params}
	return u.String()
}

// Start starts it again after Kill, at the same address.
func (p *Postgres) Start(t *testing.T) {
	t.Helper()
	_, port := split(t, p.Addr)
	p.cmd = p.command("postgres", "-D", p.dir, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=200", "-c", "shared_buffers=16MB")
	run(t, p.cmd)
	t.Cleanup(p.Kill)
	await(t, "postgres", func() error {
		c, err := pgx.Connect(t.Context(), p.URL("sslmode=disable"))
		if err != nil {
			return err
		}
		return c.Close(t.Context())
	})
}

// Kill ends it at once, as a crash does: what was not committed is lost.
func (p *Postgres) Kill() {
	p.cmd.Process.Signal(syscall.SIGQUIT)
	p.cmd.Wait()
}

// command returns a command of PostgreSQL, which refuses to run as root.
func (p *Postgres) command(name string, args ...string) *exec.Cmd {
	path := filepath.Join(p.bin, name)
	if os.Geteuid() != 0 {
		return exec.Command(path, args...)
	}
	cmd := exec.Command("setpriv", append([]string{"--reuid=postgres", "--regid=postgres", "--clear-groups", path}, args...)...)
	cmd.Dir = p.dir
	return cmd
}

func postgresFolder(t *testing.T, getenv func(string) string) string {
	t.Helper()
	if _, err := exec.LookPath("setpriv"); os.Geteuid() == 0 && err != nil {
		missing(t, getenv, "setpriv in the PATH, as PostgreSQL refuses to run as root: apt-get install util-linux")
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		missing(t, getenv, "initdb of PostgreSQL in the PATH: apt-get install postgresql")
	}
	return filepath.Dir(found[len(found)-1])
}

// postgresData makes the folder of the data. It belongs to the user postgres if
// this is root, who cannot look into the folders of the test.
func postgresData(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "postgres-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if os.Geteuid() == 0 {
		chown(t, dir)
	}
	return dir
}

func chown(t *testing.T, path string) {
	t.Helper()
	u, err := user.Lookup("postgres")
	if err != nil {
		t.Fatal(err)
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(path, uid, -1); err != nil {
		t.Fatal(err)
	}
}

// passwordFile writes the superuser's password beside the data.
func passwordFile(t *testing.T, dir string) string {
	t.Helper()
	path := dir + ".password"
	if err := os.WriteFile(path, []byte(PostgresPassword), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(path) })
	if os.Geteuid() == 0 {
		chown(t, path)
	}
	return path
}
