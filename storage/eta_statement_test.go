package storage_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

func TestEtaStatementsOfShipments(t *testing.T) {
	store, db := newStore(t)
	addCustomers(t, db, 2)
	exec(t, db, `INSERT INTO sites (customer_id, id, name, time_zone) VALUES (1, 1, 'Works', 'Europe/Paris')`)
	exec(t, db, `INSERT INTO shipments (customer_id, id, number, site_id, promised_on) VALUES (1, 1, 'S-1', 1, '2026-03-20'), (1, 2, 'S-2', NULL, NULL), (2, 1, 'S-3', NULL, NULL)`)
	exec(t, db, `INSERT INTO eta_statements (customer_id, shipment_id, source, observed_at, statement, digest) VALUES
		(1, 1, 'CARRIER', '2026-03-12T00:00:00Z', '{"n": 2}', 'b'), (1, 1, 'CARRIER', '2026-03-11T00:00:00Z', '{"n": 1}', 'a'),
		(2, 1, 'CARRIER', '2026-03-11T00:00:00Z', '{"n": 3}', 'a')`)
	one, two, other := domain.OwnedID(domain.KindShipment, 1, 1), domain.OwnedID(domain.KindShipment, 1, 2), domain.OwnedID(domain.KindShipment, 2, 1)
	ids := []domain.ID{one, two, other}

	found, err := store.EtaStatementsOfShipments(t.Context(), ids)
	require.NoError(t, err)
	require.Len(t, found, 2, "nothing was said of the second")
	require.Equal(t, &domain.EtaStatements{
		PromisedOn: &domain.Date{Year: 2026, Month: 3, Day: 20}, TimeZone: pointerTo("Europe/Paris"), Statements: [][]byte{[]byte(`{"n": 1}`), []byte(`{"n": 2}`)},
	}, found[one])
	require.Nil(t, found[other].TimeZone)

	own := storage.New(db).For(domain.Viewer{Role: domain.RoleCustomer, CustomerRow: 2})
	found, err = own.EtaStatementsOfShipments(t.Context(), ids)
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Contains(t, found, other)
}
