package trackingtest

import (
	"testing"

	"github.com/vigie-dev/vigie/tracking"
)

// Benchmark parses raw over and over and tells bytes and events in a second.
func Benchmark(b *testing.B, parse tracking.Parser, raw []byte) {
	b.Helper()
	events := 0
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		results, err := parse(raw, ReceivedAt())
		if err != nil {
			b.Fatal(err)
		}
		for _, result := range results {
			for i := range result.Reports {
				events += len(result.Reports[i].Events)
			}
		}
	}
	if events == 0 {
		b.Fatal("nothing was read")
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
}
