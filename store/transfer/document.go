package transfer

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"prowatch/watch"
)

const (
	maxLine     = 16 << 20 // bytes; a record is 256 KiB at the most
	maxProblems = 20       // that are told of one document
)

// Read reads a document whole and checks every line of it. The error says of
// each line what is wrong. It holds the records in memory.
func Read(r io.Reader) (Header, []Record, error) {
	d := documentReader{lines: bufio.NewScanner(r), seen: map[string]bool{}}
	d.lines.Buffer(nil, maxLine)
	if err := d.header(); err != nil {
		return Header{}, nil, err
	}
	for d.next() {
		d.record()
	}
	switch err := d.lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		d.problem(fmt.Errorf("is over %d bytes, which no record is", maxLine))
	case err != nil:
		return Header{}, nil, fmt.Errorf("reading the document: %w", err)
	case !d.ended:
		d.problem(errors.New("the last, is not the end of the document: it was cut short; export again"))
	}
	if d.found > maxProblems {
		d.problems = append(d.problems, fmt.Errorf("and %d lines more", d.found-maxProblems))
	}
	return d.head, d.records, errors.Join(d.problems...)
}

// documentReader is a document being read.
type documentReader struct {
	lines    *bufio.Scanner
	n        int // of the line, from 1
	head     Header
	records  []Record
	seen     map[string]bool
	ended    bool
	problems []error
	found    int
}

// next goes to the next line that is not empty.
func (d *documentReader) next() bool {
	for d.lines.Scan() {
		d.n++
		if len(bytes.TrimSpace(d.lines.Bytes())) > 0 {
			return true
		}
	}
	return false
}

func (d *documentReader) problem(err error) {
	if d.found++; d.found <= maxProblems {
		d.problems = append(d.problems, fmt.Errorf("line %d: %w", d.n, err))
	}
}

func (d *documentReader) header() error {
	var kind struct {
		Document string
		Format   int
	}
	if !d.next() || json.Unmarshal(d.lines.Bytes(), &kind) != nil || kind.Document != documentName {
		return errors.New("this is no export of a state: its first line is not as prowatch state export writes it")
	}
	if kind.Format != documentFormat {
		return fmt.Errorf("the document has format %d, and this prowatch reads %d: upgrade prowatch; nothing was changed", kind.Format, documentFormat)
	}
	if err := strict(d.lines.Bytes(), &d.head); err != nil {
		return fmt.Errorf("line %d: %w", d.n, err)
	}
	return nil
}

// record reads one line after the first.
func (d *documentReader) record() {
	var l line
	err := strict(d.lines.Bytes(), &l)
	switch {
	case err != nil:
	case d.ended:
		err = errors.New("comes after the end of the document")
	case l.End:
		d.ended = true
		if l.Records != len(d.records)+d.found {
			err = fmt.Errorf("the document says that it holds %d records, and holds %d: a line was lost", l.Records, len(d.records)+d.found)
		}
	case d.seen[l.Key]:
		err = fmt.Errorf("record %s is there twice", l.Key)
	default:
		d.seen[l.Key] = true
		err = watch.CheckRecord(l.Key, l.Data)
	}
	if err != nil {
		d.problem(err)
	} else if !l.End {
		d.records = append(d.records, Record{l.Key, bytes.Clone(l.Data)})
	}
}

func strict(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("is no line of an export: %w", err)
	}
	if d.More() {
		return errors.New("is no line of an export: something follows what it holds")
	}
	return nil
}
