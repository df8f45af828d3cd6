package storetest_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"prowatch/store/memory"
	"prowatch/store/storetest"
	"prowatch/watch"
)

func TestFaultyWithoutFaultsIsAStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) watch.Store { return &storetest.Faulty{Store: new(memory.Store)} })
}

func TestAFaultFailsBeforeOrAfterItTookEffect(t *testing.T) {
	for _, tt := range []struct {
		name  string
		op    string
		fault storetest.Fault
		want  string // the record afterwards, "" for none
	}{
		{"save that did nothing", storetest.OpSave, storetest.FailBefore, "old"},
		{"save that was written", storetest.OpSave, storetest.FailAfter, "new"},
		{"delete that did nothing", storetest.OpDelete, storetest.FailBefore, "new"},
		{"delete that deleted", storetest.OpDelete, storetest.FailAfter, ""},
		{"load", storetest.OpLoad, storetest.FailAfter, ""},
		{"no fault", storetest.OpSave, storetest.None, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ctx, inner := t.Context(), new(memory.Store)
			version, err := inner.Save(ctx, "k", []byte("old"), "")
			if err != nil {
				t.Fatal(err)
			}
			s := &storetest.Faulty{Store: inner, Hook: storetest.FailNth(tt.op, "k", 1, tt.fault)}
			err = change(ctx, s, version)
			if want := tt.fault != storetest.None; errors.Is(err, storetest.ErrFault) != want {
				t.Errorf("got error %v, want a fault: %v", err, want)
			}
			if errors.Is(err, watch.ErrConflict) || errors.Is(err, watch.ErrNotFound) {
				t.Errorf("got error %v, want none of the store's own words", err)
			}
			if data, _, _ := inner.Load(ctx, "k"); string(data) != tt.want {
				t.Errorf("got record %q, want %q", data, tt.want)
			}
		})
	}
}

// change saves, deletes and loads until something fails; it takes a missing
// record for no failure.
func change(ctx context.Context, s watch.Store, version string) error {
	version, err := s.Save(ctx, "k", []byte("new"), version)
	if err != nil {
		return err
	}
	if err := s.Delete(ctx, "k", version); err != nil {
		return err
	}
	if _, err = s.Save(ctx, "k2", nil, ""); err != nil {
		return err
	}
	if _, _, err = s.Load(ctx, "k"); errors.Is(err, watch.ErrNotFound) {
		return nil
	}
	return err
}

func TestAFaultHidesTheAnswer(t *testing.T) {
	s := &storetest.Faulty{Store: new(memory.Store), Hook: storetest.FailNth("", "", 1, storetest.FailAfter)}
	_, _, err := s.Load(t.Context(), "k")
	if !errors.Is(err, storetest.ErrFault) || errors.Is(err, watch.ErrNotFound) {
		t.Errorf("got error %v, want ErrFault alone", err)
	}
}

func TestAListFailsAtItsStartOrItsEnd(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fault storetest.Fault
		want  []string
	}{
		{"before", storetest.FailBefore, []string{""}},
		{"after", storetest.FailAfter, []string{"a", "b", ""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inner := new(memory.Store)
			for _, k := range []string{"a", "b"} {
				if _, err := inner.Save(t.Context(), k, nil, ""); err != nil {
					t.Fatal(err)
				}
			}
			s := &storetest.Faulty{Store: inner, Hook: storetest.FailNth(storetest.OpList, "", 1, tt.fault)}
			var got []string
			for k, err := range s.List(t.Context(), "") {
				got = append(got, k)
				if (k == "") != errors.Is(err, storetest.ErrFault) {
					t.Errorf("got key %q with error %v, want one of them", k, err)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestNothingWorksAfterACrash(t *testing.T) {
	inner := new(memory.Store)
	s := &storetest.Faulty{Store: inner, Hook: storetest.Crash(2, storetest.FailAfter)}
	var got []bool
	for _, k := range []string{"a", "b", "c"} {
		_, err := s.Save(t.Context(), k, nil, "")
		got = append(got, errors.Is(err, storetest.ErrFault))
	}
	if want := []bool{false, true, true}; !slices.Equal(got, want) {
		t.Errorf("got faults %v, want %v", got, want)
	}
	var keys []string
	for k := range inner.List(t.Context(), "") {
		keys = append(keys, k)
	}
	if want := []string{"a", "b"}; !slices.Equal(keys, want) {
		t.Errorf("got records %q, want %q", keys, want)
	}
	if got, want := s.Operations(), 3; got != want {
		t.Errorf("got %d operations, want %d", got, want)
	}
}
