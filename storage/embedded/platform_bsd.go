//go:build unix && !linux

package embedded

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// endWithParent does nothing: these systems cannot tie a child's life to its
// parent's. A Postgres orphaned by a kill is stopped at the next start.
func endWithParent(*syscall.SysProcAttr, syscall.Signal) {}

// isPostmaster tells whether the process is a Postgres started here on the
// cluster: process ids are reused, so the id alone proves nothing.
func isPostmaster(pid int, clusterDir string) bool {
	out, err := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return false
	}
	return strings.Contains(string(out), "postgres -D "+clusterDir+" ")
}
