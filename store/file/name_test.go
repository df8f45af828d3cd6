package file

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestAKeyHasAFileNameForEverySystem(t *testing.T) {
	for key, want := range map[string]string{
		"account/acme-prod": "account+acme-prod.record",
		"account/ACME_1.b":  "account+!a!c!m!e_1.b.record",
		"run/last":          "run+last.record",
		"a//b/":             "a++b+.record",
		"a+b!c%d":           "a%2bb%21c%25d.record",
		"/etc/passwd":       "+etc+passwd.record",
		"../up":             "%2e.+up.record",
		".hidden":           "%2ehidden.record",
		"con":               "%63on.record",
		"nul.txt":           "%6eul.txt.record",
		"lpt9":              "%6cpt9.record",
		"CON":               "!c!o!n.record",
		"console":           "console.record",
		"con/x":             "con+x.record",
		`a\b:c*?"<>|`:       "a%5cb%3ac%2a%3f%22%3c%3e%7c.record",
		"企":                 "%e4%bc%81.record",
		"a\x00\n ":          "a%00%0a%20.record",
	} {
		got, err := fileName(key)
		if got != want || err != nil {
			t.Errorf("fileName(%q): got %q, error %v, want %q", key, got, err, want)
		}
		if back, ok := keyOf(want); back != key || !ok {
			t.Errorf("keyOf(%q): got %q, %v, want %q", want, back, ok, key)
		}
	}
}

func TestForeignNamesHaveNoKey(t *testing.T) {
	for _, name := range []string{
		"", ".record", "record", ".new", ".lock", "README.md", "a", "A.record", "a.RECORD", "%2f.record", "%2E.record",
		"%61.record", "%.record", "%2.record", "!.record", "!!.record", "!1.record", "%zz.record", "con.record", ".a.record", "a b.record", "é.record",
	} {
		if key, ok := keyOf(name); ok {
			t.Errorf("keyOf(%q): got %q, want none", name, key)
		}
	}
}

func TestAKeyThatIsEmptyOrTooLongIsAnError(t *testing.T) {
	for _, tt := range []struct{ name, key, want string }{
		{"empty", "", "empty"},
		{"too long", strings.Repeat("a", 249), "256 bytes"},
		{"too long when escaped", strings.Repeat("A", 125), "257 bytes"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if name, err := fileName(tt.key); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %q, error %v, want one with %q", name, err, tt.want)
			}
			s, err := Open(t.TempDir(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Save(t.Context(), tt.key, nil, ""); err == nil {
				t.Error("Save: got no error, want one")
			}
			if _, _, err := s.Load(t.Context(), tt.key); err == nil {
				t.Error("Load: got no error, want one")
			}
			if err := s.Delete(t.Context(), tt.key, ""); err == nil {
				t.Error("Delete: got no error, want one")
			}
		})
	}
}

func TestOddKeysAreRecordsOfTheirOwn(t *testing.T) {
	keys := []string{
		"a", "A", "a/b", "a/b/", "a.record", "a.record/b", ".", "..", ".lock", ".new", "con", "CON", "x y", "x%20y", "é", "e\u0301", "\xff",
		strings.Repeat("a", 248), "account/" + strings.Repeat("Z", 64),
	}
	s, err := Open(t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		if _, err := s.Save(t.Context(), k, []byte(k), ""); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for k, err := range s.List(t.Context(), "") {
		data, _, loadErr := s.Load(t.Context(), k)
		if err != nil || loadErr != nil || string(data) != k {
			t.Errorf("record %q: got %q, errors %v, %v", k, data, err, loadErr)
		}
		got = append(got, k)
	}
	slices.Sort(keys)
	if diff := cmp.Diff(keys, got); diff != "" {
		t.Errorf("List (-want +got):\n%s", diff)
	}
}

// FuzzFileName checks that a name leads back to its key alone, whatever a file
// system does with case, dots, blanks and letters beyond ASCII.
func FuzzFileName(f *testing.F) {
	f.Add("account/acme-prod")
	f.Add("CON.%2f!a+b\x00é")
	f.Fuzz(func(t *testing.T, key string) {
		name, err := fileName(key)
		if err != nil {
			return
		}
		if back, ok := keyOf(name); back != key || !ok {
			t.Errorf("keyOf(%q): got %q, %v, want %q", name, back, ok, key)
		}
		if strings.ToLower(name) != name || name[0] == '.' || strings.ContainsAny(name, "/\\:*?\"<>| ") || utf8.RuneCountInString(name) != len(name) {
			t.Errorf("fileName(%q): got %q, which some system would change", key, name)
		}
	})
}

// FuzzKeyOf checks that a foreign name either has no key or is that key's name.
func FuzzKeyOf(f *testing.F) {
	f.Add("account+!acme.record")
	f.Add("%zz!.record")
	f.Fuzz(func(t *testing.T, name string) {
		key, ok := keyOf(name)
		if !ok {
			return
		}
		if again, err := fileName(key); again != name || err != nil {
			t.Errorf("keyOf(%q) is %q, whose name is %q, error %v", name, key, again, err)
		}
	})
}
