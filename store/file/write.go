package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// newName is the file that a write goes to before it is the record. It lives
// only under the lock, so that whoever has the lock may remove what a killed
// writer left.
const newName = ".new"

// write makes content the named file, whole and lasting. The caller has the
// lock.
func write(ctx context.Context, root *os.Root, name string, content []byte) error {
	err := writeNew(root, content)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = root.Rename(newName, name)
	}
	if err != nil {
		return mend(root.Name(), errors.Join(err, removeNew(root)))
	}
	return flushFolder(root)
}

// writeNew makes the file newName with the content, flushed.
func writeNew(root *os.Root, content []byte) error {
	if err := removeNew(root); err != nil {
		return err
	}
	f, err := root.OpenFile(newName, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func removeNew(root *os.Root) error {
	if err := root.Remove(newName); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// makeFolder makes path and the folders above it, and flushes each into the one
// that holds it: a record outlives a crash only if its folder does.
func makeFolder(path string) error {
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() {
		return &fs.PathError{Op: "mkdir", Path: path, Err: syscall.ENOTDIR}
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	above := filepath.Dir(path)
	if above == path { // a drive that is not there
		return err
	}
	if err := makeFolder(above); err != nil {
		return err
	}
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	root, err := os.OpenRoot(above)
	if err != nil {
		return err
	}
	defer root.Close()
	return flushFolder(root)
}

// mend names what err happened to and says what can be done about it.
func mend(path string, err error) error {
	var advice string
	switch {
	case errors.Is(err, syscall.ENOTDIR):
		advice = "it, or what should hold it, is no folder: name another folder, or move the file away"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		advice = "let this user read and write there, or name another folder"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		advice = "make room on the disk"
	case errors.Is(err, fs.ErrNotExist):
		advice = "the folder is gone: mount or restore it, or start again to make a new one"
	default:
		return fmt.Errorf("%s: %w", path, err)
	}
	return fmt.Errorf("%s: %w; %s", path, err, advice)
}
