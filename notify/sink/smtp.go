package sink

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxMail is the size of a mail that the server takes, in bytes.
const maxMail = 1 << 20

// idleTime is how long the server waits for a command.
const idleTime = 30 * time.Second

// SMTPOptions are the settings of a mail server. The zero value takes mail from
// anybody, in the clear.
type SMTPOptions struct {
	Options // of them Rate has no default

	// Username and Password are the one account; "" takes mail from anybody.
	// Mechanisms are the ways to log in: LOGIN and PLAIN, by default both.
	Username, Password string
	Mechanisms         []string

	// TLS holds the certificate; nil offers no STARTTLS. Implicit speaks TLS from
	// the first byte, as port 465 does.
	TLS      *tls.Config
	Implicit bool
}

// An SMTPFault is how a mail server answers a command instead.
type SMTPFault struct {
	// At is the command: "connect", "ehlo", "starttls", "auth", "mail", "rcpt",
	// "data", or "sent" for the end of the mail. Match narrows it to commands that
	// hold the text.
	At, Match string

	// Times is how many commands get it, from 1; 0 counts as 1.
	Times int

	// Taken says that the mail is taken all the same, with "sent".
	Taken bool

	// Hang says nothing until the client leaves; Drop closes the connection.
	// Otherwise Reply is the answer, "451 4.7.1 greylisted".
	Hang, Drop bool
	Reply      string

	// Echo adds all that the client said to Reply.
	Echo bool
}

// SMTP is a mail server that takes every mail and delivers none. It is safe for
// concurrent use.
type SMTP struct {
	opts SMTPOptions

	mu       sync.Mutex
	messages []Message
	faults   []SMTPFault
	taken    []time.Time // within the last minute
	requests int
	conns    map[net.Conn]bool
	listener net.Listener
	done     sync.WaitGroup
}

// NewSMTP returns a mail server.
func NewSMTP(o SMTPOptions) *SMTP {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Keep == 0 {
		o.Keep = defaultKeep
	}
	if o.Mechanisms == nil {
		o.Mechanisms = []string{"LOGIN", "PLAIN"}
	}
	return &SMTP{opts: o, conns: map[net.Conn]bool{}}
}

// Serve answers connections until Close.
func (s *SMTP) Serve(l net.Listener) {
	s.mu.Lock()
	s.listener = l
	s.mu.Unlock()
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.requests++
		s.conns[conn] = true
		s.mu.Unlock()
		s.done.Go(func() {
			s.converse(conn)
			s.mu.Lock()
			delete(s.conns, conn)
			s.mu.Unlock()
		})
	}
}

// Close ends Serve and every connection.
func (s *SMTP) Close() {
	s.mu.Lock()
	if s.listener != nil {
		_ = s.listener.Close()
	}
	for conn := range s.conns {
		_ = conn.Close()
	}
	s.mu.Unlock()
	s.done.Wait()
}

// Messages returns the mails that were taken, the oldest first.
func (s *SMTP) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages)
}

// Requests counts the connections.
func (s *SMTP) Requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// Fail lets the next such commands get the faults, in order.
func (s *SMTP) Fail(faults ...SMTPFault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
}

func (s *SMTP) nextFault(at, line string) (SMTPFault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.faults, func(f SMTPFault) bool { return f.At == at && strings.Contains(line, f.Match) })
	if i < 0 {
		return SMTPFault{}, false
	}
	f := s.faults[i]
	if s.faults[i].Times--; s.faults[i].Times <= 0 {
		s.faults = slices.Delete(s.faults, i, i+1)
	}
	return f, true
}

// take keeps a mail and returns the answer.
func (s *SMTP) take(m Message) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opts.Now()
	s.taken = slices.DeleteFunc(s.taken, func(t time.Time) bool { return now.Sub(t) >= time.Minute })
	if s.opts.Rate > 0 && len(s.taken) >= s.opts.Rate {
		return "450 4.7.1 Too many messages, slow down"
	}
	s.taken = append(s.taken, now)
	m.At = now
	m.Duplicate = slices.ContainsFunc(s.messages, func(old Message) bool { return old.ID == m.ID })
	s.messages = append(s.messages, m)
	if n := len(s.messages) - s.opts.Keep; n > 0 {
		s.messages = slices.Delete(s.messages, 0, n)
	}
	return "250 2.0.0 Ok: queued as 4F1B2C3D"
}

// A conversation is one connection.
type conversation struct {
	server *SMTP
	conn   net.Conn
	r      *bufio.Reader
	said   strings.Builder // by the client

	secure, greeted, known bool
	from                   string
	to                     []string
}

func (s *SMTP) converse(conn net.Conn) {
	defer conn.Close()
	c := &conversation{server: s, conn: conn}
	if s.opts.Implicit {
		c.conn, c.secure = tls.Server(conn, s.opts.TLS), true
	}
	c.r = bufio.NewReader(c.conn)
	if !c.answer("connect", "", "220 mx.sink.example ESMTP") {
		return
	}
	for {
		line, ok := c.line()
		if !ok || !c.command(line) {
			return
		}
	}
}

// line reads a line, which must end in CRLF.
func (c *conversation) line() (string, bool) {
	_ = c.conn.SetDeadline(time.Now().Add(idleTime))
	line, err := c.r.ReadString('\n')
	if err != nil || !strings.HasSuffix(line, "\r\n") {
		return "", false
	}
	c.said.WriteString(line)
	return strings.TrimSuffix(line, "\r\n"), true
}

// answer says the reply to a command, or what a fault says instead, and reports
// whether it was a good one.
func (c *conversation) answer(at, line, reply string) bool {
	f, failing := c.server.nextFault(at, line)
	return c.reply(f, failing, reply)
}

func (c *conversation) reply(f SMTPFault, failing bool, reply string) bool {
	switch {
	case failing && f.Hang:
		_, _ = io.Copy(io.Discard, c.r)
		return false
	case failing && f.Drop:
		_ = c.conn.Close()
		return false
	case failing:
		reply = f.Reply
	}
	if f.Echo {
		reply += " " + strings.NewReplacer("\r", " ", "\n", " ").Replace(c.said.String())
	}
	c.say(reply)
	return reply != "" && reply[0] < '4'
}

func (c *conversation) say(reply string) { _, _ = io.WriteString(c.conn, reply+"\r\n") }
