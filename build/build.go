package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// configName is the file that the function looks for beside itself.
const configName = "prowatch.yaml"

// A file is one entry of the zip.
type file struct {
	name string // without a folder: everything is in the root
	mode fs.FileMode
	data []byte
}

// build compiles the function and writes the zip and the folder. It says on
// stdout what it wrote; stderr gets the compiler's words.
func build(ctx context.Context, o options, stdout, stderr io.Writer) error {
	files, err := o.companions()
	if err != nil {
		return err
	}
	binary, err := compile(ctx, o, stderr)
	if err != nil {
		return err
	}
	files = append(files, file{o.target.binary, 0o755, binary})
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	dir := filepath.Join(o.out, o.target.name)
	if err := writeFolder(dir, files); err != nil {
		return err
	}
	archive, err := pack(files)
	if err != nil {
		return err
	}
	zip := dir + ".zip"
	if err := os.WriteFile(zip, archive, 0o644); err != nil {
		return err
	}
	return report(stdout, o, dir, zip, files, archive)
}

// companions are the files beside the binary.
func (o options) companions() ([]file, error) {
	var files []file
	add := func(name, path string) error {
		data, err := os.ReadFile(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("%s does not exist: check the path", path)
		case err != nil:
			return err
		case len(data) == 0:
			return fmt.Errorf("%s is empty", path)
		case name == o.target.binary || slices.ContainsFunc(files, func(f file) bool { return f.name == name }):
			return fmt.Errorf("%s would be the second file named %s: rename it", path, name)
		}
		files = append(files, file{name, 0o644, data})
		return nil
	}
	if o.config != "" {
		if err := add(configName, o.config); err != nil {
			return nil, fmt.Errorf("--config: %w", err)
		}
	}
	for _, path := range o.with {
		if err := add(filepath.Base(path), path); err != nil {
			return nil, fmt.Errorf("--with: %w", err)
		}
	}
	return files, nil
}

// writeFolder makes dir hold files and nothing else. What an earlier build with
// other flags left may go; what it does not know, it does not touch.
func writeFolder(dir string, files []file) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		known := slices.ContainsFunc(files, func(f file) bool { return f.name == e.Name() })
		switch {
		case known:
		case e.Name() == configName:
			if err := os.Remove(filepath.Join(dir, configName)); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%s would be deployed, too: remove it, name it by --with, or build elsewhere with --out", filepath.Join(dir, e.Name()))
		}
	}
	for _, f := range files {
		path := filepath.Join(dir, f.name)
		if err := os.WriteFile(path, f.data, f.mode); err != nil {
			return err
		}
		if err := os.Chmod(path, f.mode); err != nil { // one that was there keeps its mode
			return err
		}
	}
	return nil
}

// report says what was written, and how to recognise it in the cloud.
func report(w io.Writer, o options, dir, zip string, files []file, archive []byte) error {
	sum := sha256.Sum256(archive)
	var names []string
	for _, f := range files {
		names = append(names, fmt.Sprintf("%s (%d bytes)", f.name, len(f.data)))
	}
	text := fmt.Sprintf("%s: linux/%s, version %s\nfolder %s: %s\nzip    %s: %d bytes\nsha256 %x\n",
		o.target.pkg, o.arch, o.version, dir, strings.Join(names, ", "), zip, len(archive), sum)
	if o.target.name == "lambda" {
		text += fmt.Sprintf("CodeSha256, as Lambda shows it: %s\nDeploy it with Architecture=%s.\n",
			base64.StdEncoding.EncodeToString(sum[:]), map[string]string{"arm64": "arm64", "amd64": "x86_64"}[o.arch])
	}
	if !slices.ContainsFunc(files, func(f file) bool { return f.name == configName }) {
		text += "There is no " + configName + " in it (--config): the settings must come from the function's environment.\n"
	}
	_, err := io.WriteString(w, text)
	return err
}
