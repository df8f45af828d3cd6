package server

import (
	"net"
	"os/exec"
	"testing"
)

// Redis is a redis-server of one test, which can be killed and started again.
type Redis struct {
	Addr string // host:port

	path string
	args []string
	cmd  *exec.Cmd
}

// StartRedis starts redis-server, empty, with these further arguments. It takes
// 0.1 s. getenv is asked for PROWATCH_CI.
func StartRedis(t *testing.T, getenv func(string) string, args ...string) *Redis {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		missing(t, getenv, "redis-server in the PATH: apt-get install redis-server")
	}
	r := &Redis{Addr: freeAddr(t), path: path}
	_, port := split(t, r.Addr)
	r.args = append([]string{"--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", t.TempDir()}, args...)
	r.Start(t)
	return r
}

// Start starts it again after Kill, at the same address and with what it wrote
// to its disk.
func (r *Redis) Start(t *testing.T) {
	t.Helper()
	r.cmd = exec.Command(r.path, r.args...)
	run(t, r.cmd)
	await(t, "redis-server", func() error {
		c, err := net.Dial("tcp", r.Addr)
		if err != nil {
			return err
		}
		return c.Close()
	})
}

// Kill ends it at once, as a crash does.
func (r *Redis) Kill() {
	r.cmd.Process.Kill()
	r.cmd.Wait()
}
