package file_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"prowatch/store/file"
	"prowatch/watch"
)

// workerEnv makes the test binary a worker: "<what it does> <folder>".
const workerEnv = "FILE_TEST_WORKER"

func TestMain(m *testing.M) {
	what, dir, ok := strings.Cut(os.Getenv(workerEnv), " ")
	if !ok {
		os.Exit(m.Run())
	}
	s, err := file.Open(dir, nil)
	if err == nil {
		err = work(s, what)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func work(s *file.Store, what string) error {
	ctx := context.Background()
	switch what {
	case "create":
		_, err := s.Save(ctx, "k", []byte(strconv.Itoa(os.Getpid())), "")
		if errors.Is(err, watch.ErrConflict) {
			fmt.Println("lost")
			return nil
		}
		fmt.Println("won")
		return err
	case "increment":
		for range increments {
			if _, err := increment(ctx, s); err != nil {
				return err
			}
		}
		return nil
	}
	for { // until it is killed
		n, err := increment(ctx, s)
		if err != nil {
			return err
		}
		fmt.Println(n)
	}
}

// increments is how often a worker increments.
const increments = 20

// increment adds one to the record "k", which is a number, a blank, and the
// number's last digit so often that the record has some KB. It returns the
// number once it is saved.
func increment(ctx context.Context, s *file.Store) (int, error) {
	for {
		n, version, err := load(ctx, s)
		if err != nil && !errors.Is(err, watch.ErrNotFound) {
			return 0, err
		}
		n++
		data := fmt.Appendf(nil, "%d ", n)
		data = append(data, bytes.Repeat(data[len(data)-2:len(data)-1], n*1009%16384)...)
		_, err = s.Save(ctx, "k", data, version)
		if !errors.Is(err, watch.ErrConflict) {
			return n, err
		}
	}
}

// load returns the number in the record, or an error if it is not whole.
func load(ctx context.Context, s *file.Store) (n int, version string, err error) {
	data, version, err := s.Load(ctx, "k")
	if err != nil {
		return 0, "", err
	}
	number, rest, _ := strings.Cut(string(data), " ")
	n, err = strconv.Atoi(number)
	if err != nil || rest != strings.Repeat(number[len(number)-1:], n*1009%16384) {
		return 0, "", fmt.Errorf("the record is not whole: %.40q, %d bytes", data, len(data))
	}
	return n, version, nil
}

// worker returns the command of a process that works on the folder.
func worker(t *testing.T, what, dir string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = append(os.Environ(), workerEnv+"="+what+" "+dir)
	return cmd
}

// inProcesses runs ten workers at once and returns what they printed.
func inProcesses(t *testing.T, what, dir string) []string {
	t.Helper()
	out := make([]string, 10)
	var wg sync.WaitGroup
	for i := range out {
		cmd := worker(t, what, dir)
		wg.Go(func() {
			b, err := cmd.CombinedOutput()
			if err != nil {
				t.Errorf("worker %d: got error %v: %s", i, err, b)
			}
			out[i] = strings.TrimSpace(string(b))
		})
	}
	wg.Wait()
	return out
}

func TestOfTenProcessesThatCreateOneWins(t *testing.T) {
	for range 3 {
		got := inProcesses(t, "create", t.TempDir())
		slices.Sort(got)
		if want := append(slices.Repeat([]string{"lost"}, 9), "won"); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTenProcessesLoseNoIncrement(t *testing.T) {
	dir := t.TempDir()
	inProcesses(t, "increment", dir)
	got, _, err := load(t.Context(), open(t, dir))
	if want := 10 * increments; got != want || err != nil {
		t.Errorf("got %d, error %v, want %d", got, err, want)
	}
}

// TestAKilledWriterLeavesAWholeRecord kills a writer again and again, a little
// later each time, while a reader looks on.
func TestAKilledWriterLeavesAWholeRecord(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	last, left := 0, 0
	for round := range 30 {
		saved := killWriter(t, s, dir, time.Duration(round)*311*time.Microsecond)
		n, _, err := load(t.Context(), s)
		if err != nil || n < saved || n < last {
			t.Fatalf("round %d: got %d, error %v, want at least %d, which was saved, and %d, which was seen", round, n, err, saved, last)
		}
		if slices.Contains(names(t, dir), ".new") {
			left++
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		last, err = increment(ctx, s)
		cancel()
		if err != nil {
			t.Fatalf("round %d: got error %v from a write after the kill, want none", round, err)
		}
		if got, want := names(t, dir), []string{".lock", "k.record"}; !slices.Equal(got, want) {
			t.Fatalf("round %d: got files %q, want %q", round, got, want)
		}
	}
	t.Logf("%d records; %d kills left a file behind", last, left)
}

// killWriter starts a writer, kills it some time after its first save, and
// returns the last number that it said it had saved. Meanwhile it reads.
func killWriter(t *testing.T, s *file.Store, dir string, after time.Duration) (saved int) {
	t.Helper()
	cmd := worker(t, "write", dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if n, err := strconv.Atoi(lines.Text()); err == nil {
			saved = n
		} else {
			t.Errorf("the writer said %q", lines.Text())
		}
		if after >= 0 {
			time.AfterFunc(after, func() { cmd.Process.Kill() })
			after = -1
		}
		if n, _, err := load(t.Context(), s); err != nil || n < saved {
			t.Errorf("Load: got %d, error %v, want at least %d", n, err, saved)
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the writer ended by itself, want that it is killed")
	}
	return saved
}
