//go:build !linux

package storage

import "syscall"

// limitUnacknowledged does nothing where the kernel knows no such bound; keep-alives remain.
func limitUnacknowledged(_, _ string, _ syscall.RawConn) error { return nil }
