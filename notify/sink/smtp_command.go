package sink

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
)

// command does one command and reports whether the connection stays open.
func (c *conversation) command(line string) bool {
	verb, rest, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO", "HELO":
		c.greeted = c.answer("ehlo", line, c.greeting())
	case "STARTTLS":
		return c.startTLS(line)
	case "AUTH":
		c.auth(line, rest)
	case "MAIL":
		c.mail(line)
	case "RCPT":
		c.rcpt(line)
	case "DATA":
		return c.data(line)
	case "RSET":
		c.from, c.to = "", nil
		c.say("250 2.0.0 Ok")
	case "NOOP":
		c.say("250 2.0.0 Ok")
	case "QUIT":
		c.say("221 2.0.0 Bye")
		return false
	default:
		c.say("500 5.5.2 Error: command not recognized")
	}
	return true
}

// greeting lists the extensions. AUTH is offered within TLS only, where there is
// any.
func (c *conversation) greeting() string {
	o := c.server.opts
	lines := []string{"mx.sink.example", fmt.Sprintf("SIZE %d", maxMail), "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"}
	if o.TLS != nil && !c.secure {
		lines = append(lines, "STARTTLS")
	} else if o.Username != "" {
		lines = append(lines, "AUTH "+strings.Join(o.Mechanisms, " "))
	}
	return "250-" + strings.Join(lines[:len(lines)-1], "\r\n250-") + "\r\n250 " + lines[len(lines)-1]
}

func (c *conversation) startTLS(line string) bool {
	if c.server.opts.TLS == nil || c.secure {
		c.say("502 5.5.1 Error: command not implemented")
		return true
	}
	if !c.answer("starttls", line, "220 2.0.0 Ready to start TLS") {
		return true
	}
	secured := tls.Server(c.conn, c.server.opts.TLS)
	if secured.Handshake() != nil {
		return false
	}
	c.conn, c.r, c.secure, c.greeted = secured, bufio.NewReader(secured), true, false
	return true
}

// auth takes the mechanisms PLAIN (RFC 4616) and LOGIN.
func (c *conversation) auth(line, rest string) {
	o := c.server.opts
	mechanism, initial, _ := strings.Cut(rest, " ")
	var user, password string
	switch {
	case o.Username == "":
		c.say("503 5.5.1 Error: authentication not enabled")
		return
	case o.TLS != nil && !c.secure:
		c.say("538 5.7.11 Encryption required for requested authentication mechanism")
		return
	case !slices.Contains(o.Mechanisms, mechanism):
		c.say("504 5.5.4 Unrecognized authentication type")
		return
	case mechanism == "PLAIN":
		parts := strings.Split(c.asked("", initial), "\x00")
		if len(parts) == 3 {
			user, password = parts[1], parts[2]
		}
	case mechanism == "LOGIN":
		user = c.asked("Username:", initial)
		password = c.asked("Password:", "")
	}
	reply := "535 5.7.8 Error: authentication failed"
	if user == o.Username && password == o.Password {
		reply = "235 2.7.0 Authentication successful"
	}
	c.known = c.answer("auth", line, reply)
}

// asked returns what the client gave, or asks for it.
func (c *conversation) asked(prompt, given string) string {
	if given == "" {
		c.say("334 " + base64.StdEncoding.EncodeToString([]byte(prompt)))
		given, _ = c.line()
	}
	b, _ := base64.StdEncoding.DecodeString(given)
	return string(b)
}

func (c *conversation) mail(line string) {
	switch from, ok := path(line, "FROM:"); {
	case !c.greeted:
		c.say("503 5.5.1 Error: send HELO/EHLO first")
	case c.server.opts.TLS != nil && !c.secure:
		c.say("530 5.7.0 Must issue a STARTTLS command first")
	case c.server.opts.Username != "" && !c.known:
		c.say("530 5.7.0 Authentication required")
	case !ok:
		c.say("501 5.5.4 Syntax: MAIL FROM:<address>")
	case c.answer("mail", line, "250 2.1.0 Ok"):
		c.from, c.to = from, nil
	}
}

func (c *conversation) rcpt(line string) {
	switch to, ok := path(line, "TO:"); {
	case c.from == "":
		c.say("503 5.5.1 Error: need MAIL command")
	case !ok:
		c.say("501 5.5.4 Syntax: RCPT TO:<address>")
	case c.answer("rcpt", line, "250 2.1.5 Ok"):
		c.to = append(c.to, to)
	}
}

// path returns the address of MAIL or RCPT.
func path(line, word string) (string, bool) {
	_, rest, ok := strings.Cut(line, word+"<")
	address, _, closed := strings.Cut(rest, ">")
	return address, ok && closed && strings.Contains(address, "@")
}

// data takes the mail and reports whether the connection stays open.
func (c *conversation) data(line string) bool {
	if len(c.to) == 0 {
		c.say("503 5.5.1 Error: need RCPT command")
		return true
	}
	if !c.answer("data", line, "354 End data with <CR><LF>.<CR><LF>") {
		return true
	}
	raw, ok := c.content()
	if !ok {
		return false
	}
	m, refusal := readMail(raw, c.to)
	f, failing := c.server.nextFault("sent", "")
	if refusal == "" && (!failing || f.Taken) {
		refusal = c.server.take(m)
	}
	c.reply(f, failing, refusal)
	c.from, c.to = "", nil
	return true
}

// content reads to the line that holds only a dot.
func (c *conversation) content() ([]byte, bool) {
	var b bytes.Buffer
	for {
		line, ok := c.line()
		if !ok {
			return nil, false
		}
		if line == "." {
			return b.Bytes(), true
		}
		if b.Len() <= maxMail {
			b.WriteString(strings.TrimPrefix(line, ".") + "\r\n")
		}
	}
}
