package remote

import "strings"

// maxQuote is how much of somebody else's words an error quotes, in bytes.
const maxQuote = 300

// Quote returns the first line of what somebody else wrote, cut to 300 bytes,
// without the secrets.
func Quote(text string, secrets ...string) string {
	for _, s := range secrets {
		if s != "" {
			text = strings.ReplaceAll(text, s, "[redacted]")
		}
	}
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
	if len(text) > maxQuote {
		text = strings.ToValidUTF8(text[:maxQuote], "") + "…"
	}
	return text
}
