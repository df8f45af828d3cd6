package remote

import (
	"encoding/hex"
	"fmt"
	"io"
)

// versionBytes is the length of a version before it is written as hex: enough
// that two never meet.
const versionBytes = 16

// VersionLen is the length of what [Draw] returns.
const VersionLen = 2 * versionBytes

// Draw returns a version, which no other record ever had or will have.
func Draw(random io.Reader) (string, error) {
	b := make([]byte, versionBytes)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("drawing a version: %w", err)
	}
	return hex.EncodeToString(b), nil
}
