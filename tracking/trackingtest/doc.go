// Package trackingtest holds what every carrier has to pass: Run for its parser, over payloads and the normalised results that they must
// give, and Faults for its client, against a server that misbehaves as carriers do.
package trackingtest
