package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
)

// arguments are the parameters that are an action's own. A form has strings
// only, and structures in it by dotted names.
type arguments map[string]any

// text returns a parameter that is a string, "" when it is none.
func (a arguments) text(name string) string {
	s, _ := a[name].(string)
	return s
}

// integer returns a parameter that is a whole number, in JSON or in a form,
// and otherwise when it is absent or null.
func (a arguments) integer(name string, otherwise int64) (int64, bool) {
	switch v := a[name].(type) {
	case nil:
		return otherwise, true
	case string:
		n, err := strconv.ParseInt(v, 10, 64)
		return n, err == nil
	case json.Number:
		n, err := v.Int64()
		return n, err == nil
	}
	return 0, false
}

// arguments takes them from where the protocol has them.
func (c *call) arguments() (arguments, *refusal) {
	switch {
	case !c.tc3:
		return c.formArguments(c.form)
	case c.method == http.MethodGet:
		form, r := parseForm(c.query)
		if r != nil {
			return nil, r
		}
		return c.formArguments(form)
	}
	switch mediaType(c.header) {
	case "application/json":
		return c.jsonArguments()
	case "multipart/form-data":
		return c.multipartArguments()
	}
	return nil, refuse(textInvalidValue, "{parameter}", "Content-Type")
}

func (c *call) formArguments(form []param) (arguments, *refusal) {
	a := arguments{}
	for _, p := range form {
		if c.tc3 || !isCommonV1(p.key) {
			a[p.key] = p.value
		}
	}
	return a, nil
}

// jsonArguments are the members of the body. One that is empty has none.
func (c *call) jsonArguments() (arguments, *refusal) {
	if b := bytes.TrimSpace(c.body); len(b) == 0 || string(b) == "{}" {
		return nil, nil
	}
	var object map[string]any
	d := json.NewDecoder(bytes.NewReader(c.body))
	d.UseNumber()
	if err := d.Decode(&object); err != nil || object == nil {
		return nil, refuse(textNotJSON)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, refuse(textNotJSON)
	}
	return object, nil
}

// multipartArguments are the fields of a body in parts.
func (c *call) multipartArguments() (arguments, *refusal) {
	_, params, err := mime.ParseMediaType(c.header.Get("Content-Type"))
	end := "--" + params["boundary"] + "--"
	if err != nil || params["boundary"] == "" || !bytes.Contains(c.body, []byte(end)) {
		return nil, refuse(textBadMultipart)
	}
	a := arguments{}
	parts := multipart.NewReader(bytes.NewReader(c.body), params["boundary"])
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return a, nil
		}
		if err != nil || part.FormName() == "" {
			return nil, refuse(textBadMultipart)
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, refuse(textBadMultipart)
		}
		a[part.FormName()] = string(value)
	}
}

// missing refuses a request without a common parameter, which a request of
// TC3 has in its headers.
func (c *call) missing(name string) *refusal {
	if c.tc3 {
		return refuse(textMissingHeader, "{parameter}", "X-TC-"+name)
	}
	return refuse(textMissingParameter, "{parameter}", name)
}

// head is the name before the first dot: the parameter that "Tags.0.Key" is
// a part of.
func head(name string) string {
	h, _, _ := strings.Cut(name, ".")
	return h
}
