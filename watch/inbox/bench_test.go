package inbox_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/tracking/ups"
	"github.com/vigie-dev/vigie/watch/inbox"
)

// BenchmarkAcknowledge measures how long 16 senders at once wait for their answer.
func BenchmarkAcknowledge(b *testing.B) {
	pool, _ := open(b)
	r := newRig(b, pool, nil)
	r.server.Client().Transport.(*http.Transport).MaxIdleConnsPerHost = 16
	var mu sync.Mutex
	var took []time.Duration
	next := make(chan int)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for n := range next {
				body := alert(n)
				began := time.Now()
				status := r.post(ups.Code, body)
				passed := time.Since(began)
				mu.Lock()
				if status == http.StatusOK {
					took = append(took, passed)
				}
				mu.Unlock()
			}
		})
	}
	for n := 0; b.Loop(); n++ {
		next <- n
	}
	close(next)
	all.Wait()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkWork measures the working through of messages, with a Recorder that does next to nothing.
func BenchmarkWork(b *testing.B) {
	pool, _ := open(b)
	const messages = 2000
	round := 0
	for b.Loop() {
		b.StopTimer()
		r := newRig(b, pool, func(o *inbox.Options) { o.Tick = time.Hour })
		for n := range messages {
			_, err := pool.AddInboxMessage(b.Context(), ups.Code, alert(round*messages + n)[:40], alert(n), time.Now())
			require.NoError(b, err)
		}
		round++
		b.StartTimer()
		stop := r.run()
		for range messages {
			r.outcome()
		}
		stop()
	}
	b.ReportMetric(float64(messages*round)/b.Elapsed().Seconds(), "messages/s")
}
