package config

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// FileName is the file that [Find] looks for.
const FileName = "prowatch.yaml"

// ErrNothing is what [Find] returns where nothing is configured at all. Its
// text says what the least configuration is.
var ErrNothing = errors.New(`nothing is configured: there is no ` + FileName + ` in the working folder or beside the program.
Write these three lines into it:
  accounts: [{id: acme, secret_id: "${env:ACME_ID}", secret_key: "${env:ACME_KEY}"}]
  channels: {out: {type: stdout}}
  state: file:./state
or set PROWATCH_SECRET_ID, PROWATCH_SECRET_KEY and PROWATCH_CHANNEL_TYPE`)

// Find reads the first configuration there is: the file at path, where one is
// given (--config); what PROWATCH_CONFIG holds, a path or the YAML itself;
// prowatch.yaml in one of dirs, in order, which are the working folder and the
// program's own; the environment alone. A file beats the environment.
//
// The error is [strict.Problems], [ErrNothing], or that of a file that could
// not be read.
func Find(ctx context.Context, path string, dirs []string, o Options) (*Settings, error) {
	if path != "" {
		return loadFile(ctx, "--config", path, o)
	}
	l := newLoader(o)
	o = l.opts
	if value, _ := o.LookupEnv(configVariable); isDocument(value) {
		return Load(ctx, configVariable, []byte(value), o)
	} else if value != "" {
		return loadFile(ctx, configVariable, value, o)
	}
	for _, dir := range dirs {
		name := filepath.Join(dir, FileName)
		switch data, err := read(name, o); {
		case err == nil:
			return Load(ctx, name, data, o)
		case !errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("reading %s: %s", name, reason(err))
		}
	}
	if slices.ContainsFunc(variables(), func(name string) bool { v, _ := o.LookupEnv(name); return v != "" }) {
		return loadEnv(ctx, o)
	}
	return nil, ErrNothing
}

// isDocument reports whether the value of PROWATCH_CONFIG is YAML and no path.
func isDocument(value string) bool {
	return strings.Contains(value, "\n") || strings.Contains(value, ": ") || strings.HasPrefix(strings.TrimSpace(value), "{")
}

func loadFile(ctx context.Context, from, path string, o Options) (*Settings, error) {
	data, err := read(path, o)
	if err != nil {
		return nil, fmt.Errorf("reading the configuration that %s names, %s: %s", from, path, reason(err))
	}
	return Load(ctx, path, data, o)
}

func read(path string, o Options) ([]byte, error) {
	if o.ReadFile == nil {
		return nil, fs.ErrNotExist
	}
	return o.ReadFile(path)
}

// reason says why a file could not be read, without its name.
func reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return strings.ReplaceAll(err.Error(), "\n", " ")
}
