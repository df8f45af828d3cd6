package credentials

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"prowatch/watch"
)

// A Machine is what the sources need of the process that they are in.
type Machine struct {
	LookupEnv func(name string) (string, bool)
	ReadFile  func(path string) ([]byte, error)
}

func (m Machine) getenv(name string) string {
	v, _ := m.LookupEnv(name)
	return v
}

// home returns the path of a file in the owner's folder.
func (m Machine) home(parts ...string) (string, error) {
	for _, name := range []string{"HOME", "USERPROFILE"} {
		if dir := m.getenv(name); dir != "" {
			return filepath.Join(append([]string{dir}, parts...)...), nil
		}
	}
	return "", denied("neither HOME nor USERPROFILE is set, so %s cannot be found: set HOME", filepath.Join(append([]string{"~"}, parts...)...))
}

// read reads a file whose mend, where it is missing, is given.
func (m Machine) read(path, mend string) ([]byte, error) {
	data, err := m.ReadFile(path)
	switch {
	case err == nil:
		return data, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, denied("there is no file %s: %s", path, mend)
	case errors.Is(err, fs.ErrPermission):
		return nil, denied("the file %s may not be read by this user: chown it, or run prowatch as its owner", path)
	}
	return nil, denied("the file %s cannot be read: %s", path, reason(err))
}

// denied is a setting at fault.
func denied(format string, args ...any) *watch.Failure {
	return &watch.Failure{Class: watch.Denied, Message: fmt.Sprintf(format, args...)}
}

func unavailable(format string, args ...any) *watch.Failure {
	return &watch.Failure{Class: watch.Unavailable, Message: fmt.Sprintf(format, args...)}
}

// reason says why a file could not be read, without its name.
func reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return err.Error()
}
