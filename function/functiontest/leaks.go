package functiontest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
)

// What a thousand events may leave behind: heap that pools and buffers keep.
const (
	mixedEvents = 1000
	maxHeap     = 512 << 10 // bytes
)

// testLeaks holds what a warm process has after a thousand events of all kinds,
// panics and refusals among them, against what it had before.
func testLeaks(t *testing.T, in Instance) {
	mix := slices.Sorted(maps.Values(sampleEvents(t)))
	mix = append(mix, Call(Panic).Event, Call(Tell).Event, urlEvent("/panic"), `{`, ``)
	invoke := func(n int) figures {
		for i := range n {
			call := invocation(mix[i%len(mix)])
			call.RequestID = fmt.Sprint("req-", i)
			in.Invoke(t, call)
		}
		return ask(t, in)
	}
	before := invoke(3 * len(mix))
	after := invoke(mixedEvents)
	if after.Goroutines > before.Goroutines || after.Files > before.Files || after.Heap > before.Heap+maxHeap {
		t.Errorf("got %+v after %d events\nwant as before, %+v", after, mixedEvents, before)
	}
}

// urlEvent is a request to a function URL.
func urlEvent(path string) string {
	return fmt.Sprintf(`{"rawPath":%q,"requestContext":{"http":{"method":"GET"}}}`, path)
}

// ask returns the figures of the process.
func ask(t *testing.T, in Instance) (f figures) {
	t.Helper()
	var answer struct{ Body string }
	got := in.Invoke(t, invocation(urlEvent("/figures")))
	err := json.Unmarshal([]byte(got.Payload), &answer)
	if err == nil {
		err = json.Unmarshal([]byte(answer.Body), &f)
	}
	if err != nil || f.Goroutines == 0 || f.Heap == 0 {
		t.Fatalf("got figures %+v (%v)", got, err)
	}
	return f
}
