package transfer

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"time"

	"prowatch/watch"
)

// The document's name and the number of its format.
const (
	documentName   = "prowatch-state"
	documentFormat = 1
)

// A Header is the first line of a document.
type Header struct {
	Document string    `json:"document"`
	Format   int       `json:"format"`
	At       time.Time `json:"at"`
	By       string    `json:"by,omitempty"`   // the version of prowatch that wrote it
	From     string    `json:"from,omitempty"` // the kind of store, no more of its URL
}

// line is one of the others.
type line struct {
	Key  string          `json:"key,omitempty"`
	Data json.RawMessage `json:"data,omitempty"`

	End     bool     `json:"end,omitempty"`
	Records int      `json:"records,omitempty"`
	LeftOut []string `json:"left_out,omitempty"` // keys that could not be read
}

// Progress hears how many of how many records are done.
type Progress func(done, total int)

func (p Progress) say(done, total int) {
	if p != nil {
		p(done, total)
	}
}

// Export writes all records as a document, and returns how many, with what was
// left out because it is torn or not this prowatch's. An error leaves a document
// without its end, which nothing imports.
func Export(ctx context.Context, s watch.Store, w io.Writer, h Header, p Progress) (records int, faults []Fault, err error) {
	keys, err := keysOf(ctx, s)
	if err != nil {
		return 0, nil, err
	}
	h.Document, h.Format = documentName, documentFormat
	out := bufio.NewWriter(w)
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	if err := e.Encode(h); err != nil {
		return 0, nil, err
	}
	r := reader{store: s}
	seen := 0
	err = r.whole(ctx, keys, func(chunk []string, found map[string]watch.Loaded) error {
		for _, key := range chunk {
			if one, ok := found[key]; ok {
				if err := writeRecord(out, key, one.Data); err != nil {
					return err
				}
				records++
			}
		}
		seen += len(chunk)
		p.say(seen, len(keys))
		return nil
	})
	if err != nil {
		return records, r.faults, err
	}
	end := line{End: true, Records: records}
	for _, f := range r.faults {
		end.LeftOut = append(end.LeftOut, f.Key)
	}
	if err := e.Encode(end); err != nil {
		return records, r.faults, err
	}
	return records, r.faults, out.Flush()
}

// writeRecord writes the data as it is but for space between its tokens, which
// may be a new line. The encoder would write escapes anew.
func writeRecord(w *bufio.Writer, key string, data []byte) error {
	name, err := json.Marshal(key)
	if err != nil {
		return err
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, data); err != nil {
		return err
	}
	for _, part := range [][]byte{[]byte(`{"key":`), name, []byte(`,"data":`), compact.Bytes(), []byte("}\n")} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}
