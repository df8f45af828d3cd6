package postgres

import (
	"context"
	"os"
	"testing"

	"prowatch/store/storetest/server"
)

func TestATableThatAnotherCallMadeMeanwhileIsNotGone(t *testing.T) {
	p := server.StartPostgres(t, os.Getenv)
	s, err := Open(t.Context(), p.URL(""), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	first := true
	_, err = s.try(t.Context(), func(ctx context.Context) error {
		_, err := s.pool.Exec(ctx, `SELECT FROM `+s.table)
		if first {
			first = false
			if _, err := s.Save(ctx, "account/other", nil, ""); err != nil {
				t.Error(err)
			}
		}
		return err
	})
	if err != nil {
		t.Errorf("got error %v, want none", err)
	}
}
