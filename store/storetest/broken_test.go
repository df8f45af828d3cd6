package storetest

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"prowatch/watch"
)

// brokenEnv makes TestBrokenStore fail by running one promise on a store that
// breaks it.
const brokenEnv = "STORETEST_BREAK"

// TestEveryPromiseBites runs each subtest of the suite, in a process of its
// own, on a store that does not keep that promise.
func TestEveryPromiseBites(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range brokenStores {
		t.Run(b.fault, func(t *testing.T) {
			t.Parallel()
			if b.hangs && testing.Short() {
				t.Skipf("takes %v", soon)
			}
			cmd := exec.CommandContext(t.Context(), exe, "-test.run=^TestBrokenStore$", "-test.v")
			cmd.Env = append(os.Environ(), brokenEnv+"="+b.fault)
			cmd.WaitDelay = time.Minute
			out, err := cmd.CombinedOutput()
			want := "--- FAIL: TestBrokenStore/" + strings.ReplaceAll(b.promise, " ", "_")
			if err == nil || !strings.Contains(string(out), want) {
				t.Errorf("a store that %s: got error %v, want a failure of %q\n%s", b.fault, err, b.promise, out)
			}
		})
	}
}

func TestBrokenStore(t *testing.T) {
	fault := os.Getenv(brokenEnv)
	if fault == "" {
		t.Skip("is run by TestEveryPromiseBites")
	}
	for _, b := range brokenStores {
		for _, tt := range suite() {
			if b.fault == fault && b.promise == tt.name {
				t.Run(tt.name, func(t *testing.T) { tt.run(t, b.open()) })
			}
		}
	}
}

func TestEveryPromiseHasABrokenStore(t *testing.T) {
	for _, tt := range suite() {
		if !slices.ContainsFunc(brokenStores, func(b brokenStore) bool { return b.promise == tt.name }) {
			t.Errorf("no store breaks %q", tt.name)
		}
	}
}

func suite() []test {
	return slices.Concat(recordTests, conflictTests, raceTests, keyTests, listTests, contextTests, batchTests, tornTests, tornBatchTests, faultTests)
}

type brokenStore struct {
	fault   string // what the store does
	promise string // the subtest that must notice
	open    func() watch.Store
	hangs   bool
}

var brokenStores = []brokenStore{
	{fault: "has an error of its own for what is missing", promise: "a missing record is ErrNotFound", open: ownMissing},
	{fault: "keeps text only", promise: "what was saved is loaded byte for byte", open: textOnly},
	{fault: "takes an empty record for a missing one", promise: "an empty record is a record", open: emptyIsMissing},
	{fault: "cuts records at 64 KiB", promise: "a record of 256 KiB is kept", open: cutsRecords},
	{fault: "has the hash of the data for a version", promise: "a version is never empty and never used twice", open: hashVersions},
	{fault: "has no versions", promise: "a version is never empty and never used twice", open: emptyVersions},
	{fault: "leaves a mark where a record was", promise: "a deleted record is gone and may be created again", open: tombstones},
	{fault: "keeps the caller's bytes", promise: "the bytes given to Save are the caller's again", open: aliases},
	{fault: "hands out its own bytes", promise: "the bytes returned by Load are the caller's", open: aliases},

	{fault: "overwrites when it should create", promise: "creating a record that exists is ErrConflict", open: ignoresVersions},
	{fault: "ignores versions", promise: "saving over a newer version is ErrConflict", open: ignoresVersions},
	{fault: "has an error of its own for conflicts", promise: "saving over a newer version is ErrConflict", open: ownConflict},
	{fault: "creates what was deleted", promise: "saving over a deleted record is ErrConflict", open: upserts},
	{fault: "takes a hash for an old version", promise: "saving over a record created anew is ErrConflict", open: hashVersions},
	{fault: "creates what never was", promise: "saving over a record that never was is ErrConflict", open: upserts},
	{fault: "checks that a version is some record's", promise: "a version of another record is ErrConflict", open: anyVersion},
	{fault: "deletes any version", promise: "deleting a newer version is ErrConflict", open: deletesAny},
	{fault: "deletes what is not there", promise: "deleting a missing record is ErrNotFound", open: deletesNothing},

	{fault: "looks before it creates", promise: "of 32 that create a record one wins", open: checksThenActs},
	{fault: "looks before it saves", promise: "of 32 that save over one version one wins", open: checksThenActs},
	{fault: "looks before it deletes", promise: "of 16 that save and 16 that delete one wins", open: checksThenActs},
	{fault: "loses increments", promise: "8 writers with 10 increments each lose none", open: checksThenActs},
	{fault: "shows a record half written", promise: "a reader sees the old record or the new one", open: writesTwice},
	{fault: "replaces by deleting first", promise: "a reader sees the old record or the new one", open: deletesFirst},

	{fault: "takes a dot for a dash", promise: "every character of an id is kept apart", open: renames(strings.NewReplacer(".", "-").Replace)},
	{fault: "cuts keys at 64 bytes", promise: "ids of 64 characters are kept apart", open: renames(func(k string) string { return k[:min(len(k), 64)] })},
	{fault: "ignores case", promise: "ids that differ in case are kept apart", open: renames(strings.ToLower)},
	{fault: "drops what follows a dot", promise: "an id that begins as another is kept apart", open: renames(func(k string) string { k, _, _ = strings.Cut(k, "."); return k })},
	{fault: "drops the kind", promise: "kinds of records are kept apart", open: renames(func(k string) string { return k[strings.Index(k, "/")+1:] })},
	{fault: "cannot keep a device", promise: "ids that systems use themselves are kept apart", open: renames(strings.NewReplacer("COM1", "con").Replace)},

	{fault: "lists the folder", promise: "an empty store lists nothing", open: listsFolder},
	{fault: "lists in the order of a dictionary", promise: "a list is sorted by bytes", open: listsByCase},
	{fault: "takes a prefix for a folder", promise: "a prefix is the start of a key", open: listsByFolder},
	{fault: "takes a prefix for a pattern", promise: "a prefix is no pattern", open: listsByPattern},
	{fault: "lists the first page only", promise: "each of 300 keys is listed once", open: listsOnePage},
	{fault: "lists the first of a page twice", promise: "each of 300 keys is listed once", open: listsTwice},
	{fault: "lists each version", promise: "a record that is rewritten is listed once and a deleted one not", open: listsVersions},
	{fault: "hides what is being replaced", promise: "records that others rewrite are listed", open: deletesFirst},
	{fault: "goes on listing", promise: "a list may be broken off and begun again", open: listsOn},
	{fault: "locks while it lists", promise: "a list may be broken off and begun again", open: listsLocked},

	{fault: "ignores the context", promise: "a call whose context has ended fails and changes nothing", open: ignoresContext},
	{fault: "writes although the context has ended", promise: "a call whose context has ended fails and changes nothing", open: writesLate},
	{fault: "calls an ended context missing", promise: "a call whose context has ended fails and changes nothing", open: lateIsMissing},
	{fault: "lists for an ended context", promise: "a list whose context has ended yields one error and no key", open: ignoresContext},
	{fault: "goes on after an error", promise: "a list stops when its context ends", open: listsPastError},
	{fault: "waits for ever", promise: "calls return soon after their context ends", open: waits, hangs: true},

	{fault: "gives no versions in batches", promise: "a batch has each record as it is loaded alone", open: bends(versionless)},
	{fault: "names what is missing in batches", promise: "a batch lacks the records that are missing", open: bends(namesMissing)},
	{fault: "refuses a batch of nothing", promise: "a batch of nothing is empty", open: batchFails(func(keys []string, _ map[string]watch.Loaded) bool { return len(keys) == 0 })},
	{fault: "refuses a key that is there twice", promise: "a record that is asked for twice is in a batch once", open: batchFails(hasTwice)},
	{fault: "leaves out what is too much for one answer", promise: "a batch holds 100 records", open: bends(firstFew)},
	{fault: "reads batches from a replica", promise: "a batch has what was saved last", open: lagging},
	{fault: "hands out its cache", promise: "the bytes of a batch are the caller's", open: sharing},
	{fault: "ignores case in batches", promise: "ids that differ little are kept apart in a batch", open: bends(ignoresCaseInBatch)},
	{fault: "loads batches for an ended context", promise: "a batch whose context has ended fails", open: lateBatches},

	{fault: "overwrites what is torn", promise: "a torn record is an error of its own and left as it is", open: func() watch.Store { return overwritesTorn{newBatcher()} }},
	{fault: "hides what is torn", promise: "a torn record is listed", open: newHidesTorn},
	{fault: "leaves torn records out of batches", promise: "a torn record is an error in its batch and fails no other", open: bends(leavesOutTorn)},
	{fault: "fails a batch for one record", promise: "a torn record is an error in its batch and fails no other", open: batchFails(hasTorn)},

	{fault: "takes a lost save for done", promise: "a write that never arrived is an error and changes nothing", open: tells(OpSave, FailBefore, nil)},
	{fault: "takes a lost delete for done", promise: "a write that never arrived is an error and changes nothing", open: tells(OpDelete, FailBefore, nil)},
	{fault: "calls its own save another's", promise: "a save whose answer was lost is an error and the record is the new one", open: tells(OpSave, FailAfter, watch.ErrConflict)},
	{fault: "calls its own delete missing", promise: "a delete whose answer was lost is an error and claims nothing", open: tells(OpDelete, FailAfter, watch.ErrNotFound)},
}
