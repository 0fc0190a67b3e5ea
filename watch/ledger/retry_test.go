package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
	"github.com/vigie-dev/vigie/watch/ledger"
)

// TestCollisions holds that a transaction that others stand in the way of is tried again, within bounds, and that nothing is counted twice.
func TestCollisions(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	q := w.ship(t, 1, 1, "ups", "1Z1")
	w.exec(t, `CREATE SEQUENCE tries; CREATE TABLE collisions (times bigint, code text); INSERT INTO collisions VALUES (0, '40001');
		CREATE FUNCTION collide() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF nextval('tries') <= (SELECT times FROM collisions) THEN RAISE EXCEPTION USING ERRCODE = (SELECT code FROM collisions); END IF;
			RETURN NEW;
		END $$;
		CREATE TRIGGER collide BEFORE INSERT ON tracking_events FOR EACH ROW EXECUTE FUNCTION collide()`)
	for i, test := range []struct {
		times, tries int
		code         string
		want         domain.Code
	}{
		{3, 4, "40001", ""},
		{3, 4, "40P01", ""},
		{100, 6, "40P01", domain.CodeConflict},
		{100, 1, "23514", domain.CodeBadInput},
	} {
		w.exec(t, `ALTER SEQUENCE tries RESTART`)
		w.exec(t, `UPDATE collisions SET times = $1, code = $2`, test.times, test.code)
		before := tell[int](t, w, `SELECT count(*) FROM tracking_events`)
		r := report("1Z1", day(3, i), step(domain.MilestoneInTransit, day(2, i)))
		recorded, err := w.ledger.Record(t.Context(), "ups", []tracking.Report{r}, day(3, i))
		require.Equal(t, test.tries, tell[int](t, w, `SELECT last_value FROM tries`))
		after := tell[int](t, w, `SELECT count(*) FROM tracking_events`)
		if test.want == "" {
			require.NoError(t, err)
			require.Equal(t, 1, recorded.Events)
			require.Equal(t, before+1, after)
			continue
		}
		require.Equal(t, test.want, domain.ErrorCode(err))
		require.Zero(t, recorded)
		require.Equal(t, before, after)
		require.Error(t, w.ledger.Save(t.Context(), []service.Said{{Query: q, At: day(3, i), Result: tracking.Result{
			Outcome: domain.TrackingFound, Reports: []tracking.Report{r},
		}}}))
	}
}
