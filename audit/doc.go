// Package audit keeps the trail of who read which customer's personal data: a collector of what a response reads, and a recorder that writes
// the entries in the background, in batches, without losing one unsaid.
package audit
