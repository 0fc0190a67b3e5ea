package cost

import (
	"errors"
	"math"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Bucket gives each viewer points to spend, which come back over time. It lives in memory: each server process has its own. It is
// safe for concurrent use.
type Bucket struct {
	options BucketOptions

	mu sync.Mutex
	// levels holds the viewers who are not known to be full, the one who asked last first.
	levels *simplelru.LRU[string, level]
}

// BucketOptions says how much a viewer may spend.
type BucketOptions struct {
	// Capacity is what a viewer has who has not asked for long, in points. It should not be below Limits.MaxCost: a query that costs
	// more than the capacity could never run.
	Capacity int
	// Restore is how many points come back each second.
	Restore int
	// Viewers is how many are remembered. Who is forgotten, after all others have asked since, starts full again.
	Viewers int
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// DefaultBucketOptions lets a viewer spend two of the dearest queries at once, and then one every 20 seconds, or a screen's query
// several times a second for ever.
func DefaultBucketOptions() BucketOptions {
	return BucketOptions{Capacity: 200_000, Restore: 5_000, Viewers: 10_000}
}

// level is what a viewer had at some time.
type level struct {
	points float64
	at     time.Time
}

// Taken is what came of an attempt to take points.
type Taken struct {
	OK bool
	// Remaining is what the viewer has left, in whole points; below zero after an answer that was larger than expected.
	Remaining int64
	// RetryAfter is when there will be enough; zero where there was, or never will be.
	RetryAfter time.Duration
}

// NewBucket returns a bucket that is full for everybody.
func NewBucket(options BucketOptions) (*Bucket, error) {
	if options.Capacity < 1 || options.Restore < 1 || options.Viewers < 1 {
		return nil, errors.New("a bucket's capacity, restore rate and number of viewers must be above zero")
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	levels, err := simplelru.NewLRU[string, level](options.Viewers, nil)
	if err != nil {
		return nil, err
	}
	return &Bucket{options: options, levels: levels}, nil
}

// TryTake takes points from a viewer, or nothing where there are too few.
func (b *Bucket) TryTake(subject string, points int64) Taken {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.level(subject)
	missing := float64(points) - now.points
	if missing > 0 {
		// Written back so that who is refused is not forgotten.
		b.levels.Add(subject, now)
		return Taken{Remaining: whole(now.points), RetryAfter: b.until(points, missing)}
	}
	now.points -= float64(points)
	b.levels.Add(subject, now)
	return Taken{OK: true, Remaining: whole(now.points)}
}

// Refund gives points back, up to the capacity, and returns what remains. A negative number takes more, even what is not there.
func (b *Bucket) Refund(subject string, points int64) int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.level(subject)
	now.points = min(now.points+float64(points), float64(b.options.Capacity))
	b.levels.Add(subject, now)
	return whole(now.points)
}

// Viewers is how many viewers are remembered.
func (b *Bucket) Viewers() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.levels.Len()
}

// level is what a viewer has now.
func (b *Bucket) level(subject string) level {
	now := b.options.Now()
	known, ok := b.levels.Get(subject)
	if !ok {
		return level{points: float64(b.options.Capacity), at: now}
	}
	// A clock that was set back restores nothing.
	elapsed := max(0, now.Sub(known.at))
	restored := elapsed.Seconds() * float64(b.options.Restore)
	return level{points: min(known.points+restored, float64(b.options.Capacity)), at: now}
}

func (b *Bucket) until(points int64, missing float64) time.Duration {
	if points > int64(b.options.Capacity) {
		return 0
	}
	seconds := missing / float64(b.options.Restore)
	return time.Duration(math.Ceil(seconds * float64(time.Second)))
}

func whole(points float64) int64 { return int64(math.Floor(points)) }
