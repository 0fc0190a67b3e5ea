//go:build unix

package embedded

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

const openNoFollow = syscall.O_NOFOLLOW

// tryLock locks the file for this process or returns errLocked at once.
func tryLock(file *os.File) error {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errLocked
	}
	if err != nil {
		return fmt.Errorf("lock %s: %w", file.Name(), err)
	}
	return nil
}

// childAttr puts a child into its own process group, so that a terminal's
// Ctrl-C reaches only this process, which then decides; and under the account,
// without its groups.
func childAttr(acct *account) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if acct != nil {
		attr.Credential = &syscall.Credential{Uid: uint32(acct.uid), Gid: uint32(acct.gid)}
	}
	return attr
}

// killGroup ends the command and whatever it started.
func killGroup(cmd *exec.Cmd) error {
	return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
}

// processAlive tells whether a process with this id exists, of any account.
func processAlive(pid int) bool {
	if pid <= 0 {
		return false
	}
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// ownerID is the id of the account that owns the file.
func ownerID(info os.FileInfo) int {
	return int(info.Sys().(*syscall.Stat_t).Uid)
}

func groupID(info os.FileInfo) int {
	return int(info.Sys().(*syscall.Stat_t).Gid)
}
