package file

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prowatch/watch"
)

const whole = "prowatch-record 1 0123456789abcdef0123456789abcdef 5 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\nhello"

func TestARecordIsAReadableLineAndTheData(t *testing.T) {
	r := record{[]byte("hello"), "0123456789abcdef0123456789abcdef"}
	if got := string(encode(r)); got != whole {
		t.Errorf("encode\n got %q\nwant %q", got, whole)
	}
	if got, err := decode([]byte(whole)); string(got.data) != "hello" || got.version != r.version || err != nil {
		t.Errorf("decode: got %q, version %q, error %v", got.data, got.version, err)
	}
}

// damaged are files that Load must refuse and nothing may touch.
var damaged = []struct {
	name, content string
	want          error
}{
	{"empty", "", errTorn},
	{"cut in the first word", whole[:7], errTorn},
	{"cut after the first word", whole[:len(magic)], errTorn},
	{"cut in the first line", whole[:60], errTorn},
	{"cut after the first line", strings.TrimSuffix(whole, "hello"), errTorn},
	{"cut in the data", strings.TrimSuffix(whole, "o"), errTorn},
	{"longer", whole + "\n", errTorn},
	{"data changed", strings.Replace(whole, "hello", "jello", 1), errTorn},
	{"size changed", strings.Replace(whole, " 5 ", " 05 ", 1), errTorn},
	{"hash in capitals", strings.Replace(whole, "2cf2", "2CF2", 1), errTorn},
	{"version cut", strings.Replace(whole, "0123", "", 1), errTorn},
	{"line end of Windows", strings.Replace(whole, "\n", "\r\n", 1), errTorn},
	{"zeros, as after a power cut", strings.Repeat("\x00", len(whole)), errForeign},
	{"JSON", `{"format":1,"account":"acme"}`, errForeign},
	{"one letter", "x", errForeign},
	{"word without a blank", "prowatch-records 1 x", errForeign},
	{"format 0", strings.Replace(whole, " 1 ", " 0 ", 1), errTorn},
	{"format 2", strings.Replace(whole, " 1 ", " 2 ", 1), errNewer},
	{"format 12 of another shape", "prowatch-record 12\n", errNewer},
}

func TestADamagedFileIsRefusedAndLeftAsItIs(t *testing.T) {
	for _, tt := range damaged {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "k.record")
			if err := os.WriteFile(path, []byte(tt.content), 0o600); err != nil {
				t.Fatal(err)
			}
			wantRefused(t, dir, path, tt.want)
			if got, err := os.ReadFile(path); string(got) != tt.content || err != nil {
				t.Errorf("the file: got %q, error %v, want %q", got, err, tt.content)
			}
		})
	}
}

func TestWhatIsNoFileIsRefusedAndLeftAsItIs(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "k.record")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	wantRefused(t, dir, path, errForeign)
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		t.Errorf("got error %v, want the folder", err)
	}
}

// wantRefused wants every operation on the record "k" to fail with want, and
// the record to be listed all the same.
func wantRefused(t *testing.T, dir, path string, want error) {
	t.Helper()
	s, err := Open(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, _, loadErr := s.Load(t.Context(), "k")
	_, createErr := s.Save(t.Context(), "k", []byte("new"), "")
	_, saveErr := s.Save(t.Context(), "k", []byte("new"), "0123456789abcdef0123456789abcdef")
	deleteErr := s.Delete(t.Context(), "k", "0123456789abcdef0123456789abcdef")
	for what, err := range map[string]error{"Load": loadErr, "Save of a new one": createErr, "Save": saveErr, "Delete": deleteErr} {
		if !errors.Is(err, want) || errors.Is(err, watch.ErrNotFound) || errors.Is(err, watch.ErrConflict) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got error %v, want that %s %v", what, err, path, want)
		}
	}
	for k, err := range s.List(t.Context(), "") {
		if k != "k" || err != nil {
			t.Errorf("List: got %q, error %v, want %q", k, err, "k")
		}
	}
}

func TestALargeForeignFileIsNotRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "k.record")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 1<<40); err != nil { // sparse
		t.Skip("this file system has no file of 1 TiB:", err)
	}
	wantRefused(t, dir, path, errForeign)
}

// FuzzDecode checks that nothing but what encode writes is a record.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(whole))
	for _, tt := range damaged {
		f.Add([]byte(tt.content))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		r, err := decode(content)
		if err == nil && !bytes.Equal(encode(r), content) {
			t.Errorf("decode took %q for a record", content)
		}
	})
}
