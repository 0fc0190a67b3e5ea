package embedded

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// endWithParent makes the system send sig to the child when the thread that
// started it ends, which covers this process being killed outright. The caller
// keeps that thread alive for as long as the child should live.
func endWithParent(attr *syscall.SysProcAttr, sig syscall.Signal) {
	attr.Pdeathsig = sig
}

// isPostmaster tells whether the process is a Postgres started here on the
// cluster: process ids are reused, so the id alone proves nothing.
func isPostmaster(pid int, clusterDir string) bool {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return false
	}
	args := bytes.Split(line, []byte{0})
	return len(args) > 2 && filepath.Base(string(args[0])) == "postgres" &&
		string(args[1]) == "-D" && string(args[2]) == clusterDir
}
