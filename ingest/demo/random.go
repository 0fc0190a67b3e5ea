package demo

import (
	"math/rand/v2"
	"strings"
)

// stream tells the purposes apart for which a customer's numbers are drawn. Each has its own sequence, so that drawing
// more for one purpose leaves the others as they were.
type stream uint64

const (
	streamCompany stream = iota + 1
	streamCatalogue
	streamIdentity
	streamPlan
	streamSales
	streamHistory
	streamReach
)

// random is a sequence of numbers that depends on the seed, a purpose and a subject only.
type random struct {
	*rand.Rand
	source *rand.PCG
	seed   uint64
}

func newRandom(seed uint64) *random {
	source := rand.NewPCG(seed, 0)
	return &random{Rand: rand.New(source), source: source, seed: seed}
}

// restart begins the sequence of a purpose and a subject.
func (r *random) restart(s stream, subject int) {
	r.source.Seed(mix(r.seed^0x9e3779b97f4a7c15), mix(uint64(subject)<<8|uint64(s)))
}

// mix spreads neighbouring numbers over the whole range (the finaliser of SplitMix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// chance is true with probability p.
func (r *random) chance(p float64) bool { return r.Float64() < p }

// between is a whole number from lo to hi, both included.
func (r *random) between(lo, hi int) int { return lo + r.IntN(hi-lo+1) }

// span is a length of time from lo to hi.
func (r *random) span(lo, hi instant) instant { return lo + instant(r.Int64N(int64(hi-lo+1))) }

func (r *random) pick(list []string) string { return list[r.IntN(len(list))] }

// pattern fills a pattern: "#" is a digit, "^" a digit other than 0, "@" a capital letter.
func (r *random) pattern(p string) string {
	b := []byte(p)
	for i, c := range b {
		switch c {
		case '#':
			b[i] = byte('0' + r.IntN(10))
		case '^':
			b[i] = byte('1' + r.IntN(9))
		case '@':
			b[i] = "ABDEFGHJLNPQRSTUWXYZ"[r.IntN(20)]
		}
	}
	return string(b)
}

// fill replaces {name} in a template; names and values alternate.
func fill(template string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		template = strings.ReplaceAll(template, "{"+pairs[i]+"}", pairs[i+1])
	}
	return template
}
