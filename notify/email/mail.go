package email

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	mail "github.com/wneessen/go-mail"

	"prowatch/notify"
	"prowatch/watch"
)

// maxHTML is the size of the HTML part, in bytes. Gmail hides what of it is over
// 102 KB.
const maxHTML = 90_000

// compose returns m as a mail (RFC 5322), the same with every attempt but for
// what time makes of its words.
func (c *channel) compose(m watch.Message) ([]byte, error) {
	doc, ok := notify.Compose(m, c.voice).Shrink(func(d notify.Document) bool { return len(page(d, c.language)) <= maxHTML })
	if !ok {
		return nil, errors.New("the mail is over 90 KB even without all that may be cut")
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithBoundary("prowatch-"+m.ID))
	msg.SetAddrHeaderFromMailAddress(mail.HeaderFrom, c.from)
	msg.SetAddrHeaderFromMailAddress(mail.HeaderTo, c.to...)
	msg.Subject(doc.Title)
	msg.SetDateWithValue(m.At)
	msg.SetMessageIDWithValue(c.id(m.ID))
	if account := onlyAccount(m); account != "" {
		msg.SetGenHeader(mail.HeaderInReplyTo, "<"+c.thread(account)+">")
		msg.SetGenHeader(mail.HeaderReferences, "<"+c.thread(account)+">")
	}
	// Nobody's absence notice shall answer (RFC 3834; the other is Exchange's).
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	if doc.Severity == watch.Critical {
		msg.SetImportance(mail.ImportanceHigh)
	}
	msg.SetBodyString(mail.TypeTextPlain, notify.Plain(doc)+"\n")
	msg.AddAlternativeString(mail.TypeTextHTML, page(doc, c.language))
	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("writing the mail: %w", err)
	}
	return b.Bytes(), nil
}

// id makes a Message-ID that is unique in the sender's domain.
func (c *channel) id(name string) string {
	_, domain, _ := strings.Cut(c.from.Address, "@")
	return name + ".prowatch@" + domain
}

// thread returns the Message-ID of the mail, never sent, that all of an account
// refer to. An account's name need not be fit for one, so it is hashed.
func (c *channel) thread(account string) string {
	sum := sha256.Sum256([]byte(account))
	return c.id("account." + hex.EncodeToString(sum[:8]))
}

// onlyAccount returns the account that all of m is about, or "": a digest of
// several is in no thread.
func onlyAccount(m watch.Message) string {
	account := m.Items[0].Notice.Account
	for _, item := range m.Items {
		if item.Notice.Account != account {
			return ""
		}
	}
	return account
}
