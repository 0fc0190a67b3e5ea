package main

import (
	"bytes"
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// outcome is what came of a load.
type outcome struct {
	// latencies of the requests that were answered without errors, in no order.
	latencies []time.Duration
	failed    int
	// failure is one of the failures, nil where there is none.
	failure error
	took    time.Duration
}

// load asks over so many connections for so long: each connection sends its next request when it has the answer to the last.
func load(ctx context.Context, c *client, requests [][]byte, connections int, duration time.Duration) outcome {
	ends, cancel := context.WithTimeout(ctx, duration)
	defer cancel()
	var next atomic.Int64
	parts := make([]outcome, connections)
	began := time.Now()
	var group sync.WaitGroup
	for i := range parts {
		group.Go(func() {
			var answer bytes.Buffer
			for ends.Err() == nil {
				body := requests[int(next.Add(1)-1)%len(requests)]
				sent := time.Now()
				// Under ctx and not ends: a request that has begun is finished, and counts.
				err := c.ask(ctx, body, &answer)
				parts[i].add(time.Since(sent), err)
			}
		})
	}
	group.Wait()
	whole := outcome{took: time.Since(began)}
	for _, part := range parts {
		whole.latencies = append(whole.latencies, part.latencies...)
		whole.failed += part.failed
		if whole.failure == nil {
			whole.failure = part.failure
		}
	}
	return whole
}

// add counts one request.
func (o *outcome) add(latency time.Duration, err error) {
	if err != nil {
		o.failed++
		o.failure = err
		return
	}
	o.latencies = append(o.latencies, latency)
}
