//go:build !unix

package embedded

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

const openNoFollow = 0

// tryLock fails: without it nothing else here runs on such a system.
func tryLock(*os.File) error {
	return errors.New("embedded Postgres needs a Unix system: set DATABASE_URL to a server of your own")
}

func childAttr(*account) *syscall.SysProcAttr { return nil }

func endWithParent(*syscall.SysProcAttr, syscall.Signal) {}

func killGroup(cmd *exec.Cmd) error { return cmd.Process.Kill() }

func processAlive(int) bool { return false }

func isPostmaster(int, string) bool { return false }

func ownerID(os.FileInfo) int { return -1 }

func groupID(os.FileInfo) int { return -1 }
