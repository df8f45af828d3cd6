package sink

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"net/textproto"
	"strings"
)

// maxMailLine is the length of a line of a mail, in bytes (RFC 5321).
const maxMailLine = 998

// readMail reads a mail, or returns the reply that refuses it, as large receivers
// do that want whole headers.
func readMail(raw []byte, to []string) (m Message, refusal string) {
	if len(raw) > maxMail {
		return m, "552 5.3.4 Message size exceeds fixed limit"
	}
	for line := range bytes.SplitSeq(raw, []byte("\r\n")) {
		if len(line) > maxMailLine || bytes.ContainsAny(line, "\r\n\x00") {
			return m, "550 5.6.0 Line too long, or bare CR, LF or NUL in it"
		}
	}
	parsed, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return m, "550 5.6.0 No mail"
	}
	for _, name := range []string{"From", "To", "Date", "Subject", "Message-Id", "Mime-Version"} {
		if len(parsed.Header[name]) != 1 {
			return m, "550 5.7.1 Messages need one header " + name
		}
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
	if err != nil {
		return m, "550 5.6.0 The subject cannot be decoded"
	}
	m = Message{
		Kind: "mail", ID: strings.Trim(parsed.Header.Get("Message-Id"), "<>"),
		Header: http.Header(parsed.Header), Body: raw, Mentions: to,
	}
	plain, html, ok := mailParts(textproto.MIMEHeader(parsed.Header), parsed.Body)
	if !ok {
		return m, "550 5.6.0 The body cannot be decoded"
	}
	m.Text, m.HTML = "Subject: "+subject+"\n\n"+plain, html
	return m, ""
}

// mailParts returns the text and the HTML of a mail or a part of it.
func mailParts(h textproto.MIMEHeader, body io.Reader) (plain, html string, ok bool) {
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return "", "", false
	}
	if !strings.HasPrefix(kind, "multipart/") {
		switch strings.ToLower(h.Get("Content-Transfer-Encoding")) {
		case "quoted-printable":
			body = quotedprintable.NewReader(body)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, body)
		}
		b, err := io.ReadAll(body)
		text := strings.ReplaceAll(string(b), "\r\n", "\n")
		if kind == "text/html" {
			return "", text, err == nil
		}
		return text, "", err == nil
	}
	parts := multipart.NewReader(body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return plain, html, true
		}
		if err != nil {
			return "", "", false
		}
		p, h, ok := mailParts(part.Header, part)
		if !ok {
			return "", "", false
		}
		plain, html = plain+p, html+h
	}
}
