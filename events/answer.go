package events

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"
)

// How large an answer may be, in bytes of its JSON.
const (
	// MaxAnswer is what either cloud takes: AWS 6 MB (6,291,556 bytes), Tencent
	// 6 MB (https://www.tencentcloud.com/document/product/583/11637), a little
	// less here.
	MaxAnswer = 6_000_000

	// maxALBAnswer is what a load balancer takes: 1 MB
	// (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html).
	maxALBAnswer = 1_000_000
)

// ErrTooLarge says that an answer is larger than the platform takes.
var ErrTooLarge = errors.New("the answer is larger than the platform takes")

// A Response is the answer to a [Request].
type Response struct {
	Status int         // 200 to 599
	Header http.Header // may be nil
	Body   []byte
}

// answer is the answer in JSON; each platform wants some of the fields.
type answer struct {
	StatusCode        int                 `json:"statusCode"`
	StatusDescription string              `json:"statusDescription,omitempty"`
	Headers           map[string]any      `json:"headers,omitzero"` // string, on SCF also []string
	MultiValueHeaders map[string][]string `json:"multiValueHeaders,omitzero"`
	Cookies           []string            `json:"cookies,omitempty"`
	Body              string              `json:"body"`
	IsBase64Encoded   bool                `json:"isBase64Encoded"`
}

// Answer writes the response as the gateway of the request wants it. A body
// that is no plain UTF-8 text goes in base64. An AWS REST API decodes that only
// for the binary media types it is set to; all others do so always.
//
// The error is [ErrTooLarge], or tells of a status that is none.
func (r *Request) Answer(resp *Response) ([]byte, error) {
	if resp.Status < 200 || resp.Status > 599 {
		return nil, fmt.Errorf("encoding answer: %d is no status of an answer", resp.Status)
	}
	a := answer{StatusCode: resp.Status}
	headers := sendable(resp.Header)
	switch {
	case r.Source == AWSREST:
		a.MultiValueHeaders = headers
	case r.Source == AWSALB && r.MultiValue:
		a.MultiValueHeaders = headers
	case r.Source == AWSALB:
		a.Headers = single(headers, spreadCookies)
	case r.Source == SCFGateway, r.Source == SCFURL:
		a.Headers = single(headers, listCookies)
	default:
		a.Cookies = headers["Set-Cookie"]
		a.Headers = single(headers, nil)
	}
	if r.Source == AWSALB {
		a.StatusDescription = strings.TrimSpace(fmt.Sprint(resp.Status, " ", http.StatusText(resp.Status)))
	}
	if r.Method != http.MethodHead && resp.Status != http.StatusNoContent && resp.Status != http.StatusNotModified {
		a.setBody(resp)
	}
	return a.encode(r.maxAnswer())
}

func (r *Request) maxAnswer() int {
	if r.Source == AWSALB {
		return maxALBAnswer
	}
	return MaxAnswer
}

func (a *answer) setBody(resp *Response) {
	a.IsBase64Encoded = resp.Header.Get("Content-Encoding") != "" || !utf8.Valid(resp.Body)
	if a.IsBase64Encoded {
		a.Body = base64.StdEncoding.EncodeToString(resp.Body)
		return
	}
	a.Body = string(resp.Body)
}

// encode writes at most most bytes. It leaves <, > and & as they are, which make
// up a page.
func (a *answer) encode(most int) ([]byte, error) {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(a); err != nil {
		return nil, fmt.Errorf("encoding answer: %w", err)
	}
	if buf.Len() > most {
		return nil, ErrTooLarge
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}

// sendable returns the headers without those of the connection, which are the
// gateway's to set, and without line breaks, as net/http sends them.
func sendable(h http.Header) map[string][]string {
	breaks := strings.NewReplacer("\r", " ", "\n", " ", "\x00", " ")
	out := make(map[string][]string, len(h))
	for name, values := range h {
		name = http.CanonicalHeaderKey(name)
		switch name {
		case "Connection", "Content-Length", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade":
			continue
		}
		if !isToken(name) {
			continue
		}
		for _, v := range values {
			out[name] = append(out[name], breaks.Replace(v))
		}
	}
	return out
}

// single joins the values of each header, RFC 9110 section 5.3. Cookies cannot
// be joined; where there are several, cookies puts them in.
func single(headers map[string][]string, cookies func(headers map[string]any, values []string)) map[string]any {
	out := make(map[string]any, len(headers))
	for name, values := range headers {
		if name != "Set-Cookie" {
			out[name] = strings.Join(values, ", ")
		}
	}
	if values := headers["Set-Cookie"]; cookies != nil && len(values) > 0 {
		cookies(out, values)
	}
	return out
}

// listCookies gives several cookies as a list, as Tencent API Gateway takes it.
func listCookies(headers map[string]any, values []string) {
	headers["Set-Cookie"] = values
	if len(values) == 1 {
		headers["Set-Cookie"] = values[0]
	}
}

// spreadCookies gives each cookie a name of its own, "Set-Cookie" in other
// letters: without multi-value headers a load balancer takes one value a name.
func spreadCookies(headers map[string]any, values []string) {
	for i, v := range values {
		key := []byte("Set-Cookie")
		for at := 0; i > 0 && at < len(key); at++ {
			if key[at] == '-' {
				continue
			}
			if i&1 == 1 {
				key[at] ^= 'a' ^ 'A'
			}
			i >>= 1
		}
		headers[string(key)] = v
	}
}
