package domain

// LookupMatch is by what something was found.
type LookupMatch string

// LookupHit is something that a reference may mean.
type LookupHit struct {
	Ref     ID
	Matched LookupMatch
	Text    string
	// Score is how sure the hit is: 1 is exact.
	Score float64
}
