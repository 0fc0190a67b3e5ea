package audit_test

import (
	"context"
	"testing"

	"github.com/vigie-dev/vigie/audit"
	"github.com/vigie-dev/vigie/domain"
)

// BenchmarkCollect notes and drains what a page about customers reads: for each, four fields of five contacts and three of five sites.
func BenchmarkCollect(b *testing.B) {
	for name, customers := range map[string]int64{"one customer": 1, "fifty customers": 50} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ctx := audit.Collect(context.Background())
				for customer := range customers {
					id := domain.CustomerID(customer + 1)
					for range 5 {
						for _, field := range []string{"name", "email", "phone", "role"} {
							audit.Read(ctx, id, "Contact", field)
						}
						for _, field := range []string{"name", "street", "postalCode"} {
							audit.Read(ctx, id, "Site", field)
						}
					}
				}
				if int64(len(audit.Drain(ctx))) != customers {
					b.Fatal("not all were drained")
				}
			}
		})
	}
}

// BenchmarkEntry makes and records the entry of a request.
func BenchmarkEntry(b *testing.B) {
	discard := func(context.Context, []domain.AuditEntry) error { return nil }
	recorder := audit.NewRecorder(audit.Options{Write: discard, Log: quiet()})
	viewer := domain.Viewer{Subject: "issuer#ada", Name: "Ada", Role: domain.RoleAgent}
	b.ReportAllocs()
	for b.Loop() {
		entry := audit.Entry(viewer, "Customer360", "0123456789abcdef")
		err := recorder.Record(b.Context(), entry)
		if err != nil {
			b.Fatal(err)
		}
	}
	err := recorder.Close(context.Background())
	if err != nil {
		b.Fatal(err)
	}
}
