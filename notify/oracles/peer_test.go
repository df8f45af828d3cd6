package oracles

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"
)

// peer starts a script of this folder that is a server: it gives it the settings
// as one line of JSON and returns its address. stop ends it, and reads into a
// value what it took.
func peer(t *testing.T, script string, settings any) (addr string, stop func(into any)) {
	t.Helper()
	c := exec.CommandContext(t.Context(), needNode(t), script)
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	pipe, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = c.Wait()
	})
	if err := json.NewEncoder(in).Encode(settings); err != nil {
		t.Fatal(err)
	}
	out := bufio.NewReader(pipe)
	line, err := out.ReadBytes('\n')
	if err != nil || json.Unmarshal(line, &addr) != nil {
		t.Fatalf("%s says %q: %v", script, line, err)
	}
	return addr, func(into any) {
		t.Helper()
		_ = in.Close()
		b, err := io.ReadAll(out)
		if err == nil {
			err = json.Unmarshal(b, into)
		}
		if err != nil {
			t.Fatalf("%s answers %.300q: %v", script, b, err)
		}
	}
}
