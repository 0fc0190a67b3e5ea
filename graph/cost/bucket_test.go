package cost_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/graph/cost"
)

// clock is set by hand.
type clock struct{ now time.Time }

func newClock() *clock { return &clock{now: time.Date(2026, time.March, 16, 15, 4, 5, 0, time.UTC)} }

func (c *clock) Now() time.Time { return c.now }

func (c *clock) pass(d time.Duration) { c.now = c.now.Add(d) }

func newBucket(t require.TestingT, c *clock, capacity, restore, viewers int) *cost.Bucket {
	b, err := cost.NewBucket(cost.BucketOptions{Capacity: capacity, Restore: restore, Viewers: viewers, Now: c.Now})
	require.NoError(t, err)
	return b
}

func TestBucketRestores(t *testing.T) {
	c := newClock()
	b := newBucket(t, c, 100, 10, 5)
	assert.Equal(t, cost.Taken{OK: true, Remaining: 30}, b.TryTake("a", 70))
	assert.Equal(t, cost.Taken{Remaining: 30, RetryAfter: 4 * time.Second}, b.TryTake("a", 70))
	assert.Equal(t, cost.Taken{OK: true, Remaining: 30}, b.TryTake("b", 70), "each viewer has points of its own")
	c.pass(4*time.Second - time.Millisecond)
	assert.False(t, b.TryTake("a", 70).OK)
	c.pass(time.Millisecond)
	assert.Equal(t, cost.Taken{OK: true, Remaining: 0}, b.TryTake("a", 70))
	c.pass(time.Hour)
	assert.Equal(t, cost.Taken{OK: true, Remaining: 0}, b.TryTake("a", 100), "no more than the capacity")
}

func TestBucketRefunds(t *testing.T) {
	b := newBucket(t, newClock(), 100, 10, 5)
	b.TryTake("a", 70)
	assert.EqualValues(t, 90, b.Refund("a", 60))
	assert.EqualValues(t, 100, b.Refund("a", 60), "no more than the capacity")
	b.TryTake("a", 100)
	assert.EqualValues(t, -40, b.Refund("a", -40), "an answer that was larger than expected")
	assert.Equal(t, cost.Taken{Remaining: -40, RetryAfter: 5 * time.Second}, b.TryTake("a", 10))
}

func TestBucketNeverHoldsWhatIsAboveItsCapacity(t *testing.T) {
	b := newBucket(t, newClock(), 100, 10, 5)
	assert.Equal(t, cost.Taken{Remaining: 100}, b.TryTake("a", 101), "waiting does not help, so no time is told")
}

func TestBucketRemembersSoManyViewers(t *testing.T) {
	b := newBucket(t, newClock(), 100, 10, 2)
	b.TryTake("a", 100)
	b.TryTake("b", 100)
	assert.False(t, b.TryTake("a", 1).OK, "who is refused is remembered, too")
	b.TryTake("c", 100)
	assert.False(t, b.TryTake("a", 1).OK)
	assert.True(t, b.TryTake("b", 1).OK, "who asked longest ago was forgotten")
}

func TestBucketWhenTheClockIsSetBack(t *testing.T) {
	c := newClock()
	b := newBucket(t, c, 100, 10, 2)
	b.TryTake("a", 100)
	c.pass(-time.Hour)
	assert.Equal(t, cost.Taken{Remaining: 0, RetryAfter: time.Second}, b.TryTake("a", 10))
	c.pass(time.Second)
	assert.True(t, b.TryTake("a", 10).OK)
}

func TestBucketOptions(t *testing.T) {
	for _, o := range []cost.BucketOptions{{}, {Capacity: 1, Restore: 1}, {Capacity: 1, Viewers: 1}, {Restore: 1, Viewers: 1}} {
		_, err := cost.NewBucket(o)
		assert.Error(t, err)
	}
	_, err := cost.NewBucket(cost.DefaultBucketOptions())
	require.NoError(t, err)
	assert.GreaterOrEqual(t, cost.DefaultBucketOptions().Capacity, cost.DefaultLimits().MaxCost, "else some allowed query never runs")
}

// Whatever happens in whatever order, nobody spends more than the capacity and what time restored, and who is told to wait is
// served after that time and not before.
func TestBucketSpending(t *testing.T) {
	const capacity, restore = 100, 7
	rapid.Check(t, func(r *rapid.T) {
		c := newClock()
		start := c.now
		b := newBucket(r, c, capacity, restore, 3)
		var spent int64
		for range rapid.IntRange(1, 40).Draw(r, "steps") {
			c.pass(time.Duration(rapid.IntRange(0, 5000).Draw(r, "ms")) * time.Millisecond)
			points := int64(rapid.IntRange(0, 120).Draw(r, "points"))
			taken := b.TryTake("a", points)
			if !taken.OK {
				continue
			}
			spent += points
			back := int64(rapid.IntRange(0, int(points)).Draw(r, "back"))
			b.Refund("a", back)
			spent -= back
			require.LessOrEqual(r, float64(spent), capacity+restore*c.now.Sub(start).Seconds()+1e-6)
		}
		refused := b.TryTake("a", capacity)
		if refused.OK || refused.RetryAfter == 0 {
			return
		}
		c.pass(refused.RetryAfter - time.Microsecond)
		require.False(r, b.TryTake("a", capacity).OK)
		c.pass(2 * time.Microsecond)
		require.True(r, b.TryTake("a", capacity).OK)
	})
}

func TestBucketFromManySides(t *testing.T) {
	b := newBucket(t, newClock(), 1000, 1, 4)
	var given atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 500 {
				if b.TryTake("a", 1).OK {
					given.Add(1)
				}
			}
		})
	}
	wg.Wait()
	assert.EqualValues(t, 1000, given.Load())
}

func BenchmarkTryTake(b *testing.B) {
	bucket, err := cost.NewBucket(cost.DefaultBucketOptions())
	require.NoError(b, err)
	subjects := make([]string, 1000)
	for i := range subjects {
		subjects[i] = fmt.Sprint("viewer ", i)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		bucket.TryTake(subjects[i%len(subjects)], 10)
	}
}
