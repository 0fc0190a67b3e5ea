package storage

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// unacknowledged bounds in milliseconds how long sent data may stay without an answer from the other side's kernel, so that a
// database host that has gone away does not hold a request for the quarter of an hour that the kernel would wait.
const unacknowledged = 10_000

func limitUnacknowledged(_, _ string, conn syscall.RawConn) error {
	var failure error
	err := conn.Control(func(fd uintptr) {
		failure = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, unacknowledged)
	})
	if err != nil {
		return err
	}
	if failure == unix.ENOPROTOOPT || failure == unix.EOPNOTSUPP {
		return nil // A Unix socket needs no such bound.
	}
	return failure
}
