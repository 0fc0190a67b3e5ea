// Package democarrier plays carriers: it moves made-up parcels with a clock and tells of them over HTTP in the wire formats of DHL Unified,
// UPS Track, FedEx Track and La Poste Suivi, with tokens, batches, quirks about time and faults on demand. It is for demonstrations and tests.
//
// The handlers start no goroutines. What a journey looks like follows from the seed, the parcel and the clock alone, so that a restart
// changes nothing.
package democarrier
