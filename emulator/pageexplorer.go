package emulator

import (
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// explorerPage is where requests are built.
type explorerPage struct {
	frame
	Form          explorerForm
	ParameterRows int
	Actions       []actionChoice
	Accounts      []string
	Signs         []string
	Methods       []string
	Languages     []string
	Wrongs        []choice
	Steps         []signStep
	Answer        *explorerAnswer
	Code          []snippet
	Environment   string
}

type actionChoice struct {
	Name, About, Service, Version, Example string
	Chosen                                 bool
}

// signStep is one step of a signature.
type signStep struct {
	Title, Note, Text string
	Lines             []fact
}

// explorerAnswer is what the emulator answered.
type explorerAnswer struct {
	ID, Body string
	Status   label
	Refused  bool
}

func (e *Emulator) getExplorer(w http.ResponseWriter, r *http.Request) {
	e.writeExplorer(w, r, r.URL.Query(), false)
}

// postExplorer sends the request as well.
func (e *Emulator) postExplorer(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	_ = r.ParseForm() // What cannot be read is as what is not there.
	e.writeExplorer(w, r, r.PostForm, true)
}

func (e *Emulator) writeExplorer(w http.ResponseWriter, r *http.Request, v url.Values, send bool) {
	f := e.readForm(v)
	p := explorerPage{
		frame: e.frame(r, "Explorer", "explorer"), Form: f, Actions: e.actionChoices(f.Action), Accounts: e.Accounts(),
		Signs: explorerSigns, Methods: explorerMethods, Languages: explorerLanguages,
		Wrongs: choose(wrongs, f.Wrong, f.Wrong), ParameterRows: textRows(f.Parameters),
	}
	d, err := e.draft(f, r.Host)
	var s signed
	if err == nil {
		s, err = f.signAs(d)
	}
	if err != nil {
		p.Problem = err.Error()
		writePage(w, http.StatusBadRequest, "explorer.html", p)
		return
	}
	p.Steps, p.Code, p.Environment = s.steps(r.Host, d, f.Reveal), d.code(), d.environment(f.Reveal)
	if send {
		p.Answer = e.sendSigned(r, s, f.Reveal)
	}
	writePage(w, http.StatusOK, "explorer.html", p)
}

func (e *Emulator) actionChoices(chosen string) []actionChoice {
	var choices []actionChoice
	for _, s := range services {
		for _, name := range slices.Sorted(maps.Keys(s.actions)) {
			choices = append(choices, actionChoice{name, s.actions[name].about, s.name, s.version, e.exampleOf(name), name == chosen})
		}
	}
	return choices
}

// sendSigned puts a signed request through the same door as any other. Of its
// answer, credentials are shown only when they are asked for.
func (e *Emulator) sendSigned(page *http.Request, s signed, reveal bool) *explorerAnswer {
	target, err := url.ParseRequestURI(s.target)
	if err != nil {
		return &explorerAnswer{Body: err.Error()}
	}
	r := (&http.Request{
		Method: s.method, URL: target, RequestURI: s.target, Host: page.Host, Header: http.Header{"User-Agent": {"explorer"}},
		Body: io.NopCloser(strings.NewReader(s.body)), ContentLength: int64(len(s.body)), RemoteAddr: page.RemoteAddr,
	}).WithContext(page.Context())
	for _, h := range s.header {
		r.Header.Set(h.key, h.value)
	}
	c, _ := newCall(r, e.newUUID()) // A string does not break off.
	a := e.answer(c)
	if a.delay > 0 && !wait(r, a.delay) {
		e.abandoned(c.requestID)
	}
	x, _ := e.exchange(c.requestID)
	status, _ := x.answerLabel()
	if reveal {
		x.Answer.Body = string(a.body)
	}
	return &explorerAnswer{ID: c.requestID, Body: x.Answer.text(), Status: status, Refused: a.code != ""}
}

// stars stand in the place of key bytes that were not asked for.
const stars = "••••••••"

// environment is the line that gives the code its credentials.
func (d draft) environment(reveal bool) string {
	hide := func(s string) string {
		if !reveal {
			s = stars
		}
		return shellQuote(s)
	}
	line := fmt.Sprintf("export TENCENTCLOUD_SECRET_ID=%s TENCENTCLOUD_SECRET_KEY=%s", shellQuote(d.id), hide(d.key))
	if d.token != "" {
		line += " TENCENTCLOUD_TOKEN=" + hide(d.token)
	}
	return line
}

// steps are how the request came by its signature.
func (s signed) steps(host string, d draft, reveal bool) []signStep {
	masked := masker([]string{d.token})
	if reveal {
		masked = masker(nil)
	}
	wire := Request{Method: s.method, Target: masked(s.target), Host: host, Header: map[string]string{}, Body: masked(s.body)}
	for _, h := range s.header {
		wire.Header[h.key] = masked(h.value)
	}
	sent := signStep{Title: "Request", Note: "With the signature in its place, this is what is sent.", Text: wire.text()}
	signature := signStep{Title: "Signature", Text: s.signature}
	if s.canonical == "" {
		signature.Note = fmt.Sprintf("%s of the string to sign, with the secret key, in base64.", d.signWith)
		return []signStep{
			{Title: "String to sign", Note: "Method, host, path, and every parameter but the signature: sorted, unescaped, empty ones too.", Text: masked(s.toSign)},
			signature, sent,
		}
	}
	signature.Note = "HMAC-SHA256 of the string to sign with the signing key, in lower-case hex."
	return []signStep{
		{Title: "Canonical request", Note: "The request in one form: the path is always /, header values are in lower case.", Lines: canonicalLines(s.canonical)},
		{Title: "Its hash", Note: "SHA-256, in hex.", Text: hexHash([]byte(s.canonical))},
		{Title: "String to sign", Note: "Algorithm, timestamp, scope, and the hash.", Text: s.toSign},
		{Title: "Signing key", Note: "Three times HMAC-SHA256, from TC3 and the secret key on; each step takes the raw bytes of the one before.", Lines: keyLines(s.derivation, reveal)},
		signature, sent,
	}
}

// canonicalLines names the lines of a canonical request.
func canonicalLines(canonical string) []fact {
	lines := strings.Split(canonical, "\n")
	facts := []fact{{"Method", lines[0]}, {"Path", lines[1]}, {"Query", lines[2]}}
	for _, h := range lines[3 : len(lines)-3] {
		facts = append(facts, fact{"Header", h})
	}
	return append(facts, fact{"Empty line", ""}, fact{"Signed headers", lines[len(lines)-2]}, fact{"Body’s SHA-256", lines[len(lines)-1]})
}

// keyLines are the steps to the signing key, without its bytes unless they are
// asked for.
func keyLines(steps []derivation, reveal bool) []fact {
	var facts []fact
	for _, s := range steps {
		key := stars
		if reveal {
			key = hex.EncodeToString(s.key)
		}
		facts = append(facts, fact{s.name, fmt.Sprintf("HMAC(%s, %q) = %s", map[string]string{
			"SecretDate": `"TC3" + key`, "SecretService": "SecretDate", "SecretSigning": "SecretService",
		}[s.name], s.message, key)})
	}
	return facts
}
