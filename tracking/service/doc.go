// Package service stands between those who want to know where shipments are and the carriers who know.
//
// A Service answers every request within its time budget: from its cache, from what is stored, or from the carrier. It asks a carrier about
// many numbers in one call, about each number once however many want to know, and never more than the carrier allows. A carrier that is slow
// or broken costs its own numbers their freshness and nothing else: what was known of them is given as STALE, with the reason, and the call
// goes on in the background and fills the cache. Each carrier has a lane: a bounded queue, a few workers, a pace and a breaker.
//
// Limits are kept by each process for itself, so processes that share an account divide its limits between them.
package service
