//go:build unix && !linux

package embedded

// tiedToParent says whether the system ends Postgres with its owner.
const tiedToParent = false
