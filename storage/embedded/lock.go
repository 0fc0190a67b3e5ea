package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	lockName        = "lock"
	temporaryPrefix = "vigie-ephemeral-"
)

// dirLock is the exclusive hold of a directory, kept by a lock on a file in it.
// The system drops it when the process ends, however it ends.
type dirLock struct {
	dir  string
	file *os.File
}

// errLocked says that another open file holds the lock.
var errLocked = errors.New("locked by another process")

// openLock locks the directory's lock file, without following a link planted
// there. It returns errLocked when somebody else holds it.
func openLock(dir string) (*dirLock, error) {
	path := filepath.Join(dir, lockName)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|openNoFollow, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open the lock file: %w", err)
	}
	err = tryLock(file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	// A sweeper may have unlinked the file between opening and locking; the
	// lock is worth something only on the file that the name still leads to.
	held, err := file.Stat()
	if err == nil {
		var named os.FileInfo
		named, err = os.Stat(path)
		if err == nil && !os.SameFile(held, named) {
			err = errLocked
		}
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &dirLock{dir: dir, file: file}, nil
}

// openLockWait is openLock that waits for its turn.
func openLockWait(ctx context.Context, dir string) (*dirLock, error) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		lock, err := openLock(dir)
		if !errors.Is(err, errLocked) {
			return lock, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for the lock of %s: %w", dir, ctx.Err())
		}
	}
}

// lockDir takes dir for this process and notes its id, or returns *InUseError.
func lockDir(dir string) (*dirLock, error) {
	lock, err := openLock(dir)
	if errors.Is(err, errLocked) {
		pid, err := lockHolder(dir)
		if err != nil {
			return nil, err
		}
		return nil, &InUseError{DataDir: dir, PID: pid}
	}
	if err != nil {
		return nil, err
	}
	err = lock.note(strconv.Itoa(os.Getpid()) + "\n")
	if err != nil {
		return nil, errors.Join(err, lock.release())
	}
	return lock, nil
}

func (l *dirLock) note(text string) error {
	err := l.file.Truncate(0)
	if err != nil {
		return fmt.Errorf("clear the lock file: %w", err)
	}
	_, err = l.file.WriteAt([]byte(text), 0)
	if err != nil {
		return fmt.Errorf("write the lock file: %w", err)
	}
	return nil
}

// release keeps the file: unlinking a lock file lets two processes hold
// different files under one name.
func (l *dirLock) release() error {
	return errors.Join(l.note(""), l.file.Close())
}

// lockHolder reads the process id in the directory's lock file, 0 for none.
func lockHolder(dir string) (int, error) {
	text, err := os.ReadFile(filepath.Join(dir, lockName))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the lock file: %w", err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, nil
	}
	return pid, nil
}

// lockTemporary makes a locked directory of its own below parent.
func lockTemporary(parent string) (*dirLock, error) {
	for {
		dir, err := os.MkdirTemp(parent, temporaryPrefix)
		if err != nil {
			return nil, fmt.Errorf("make a temporary data directory: %w", err)
		}
		err = os.Chmod(dir, dataDirMode())
		if err == nil {
			dir, err = canonical(dir)
		}
		var lock *dirLock
		if err == nil {
			lock, err = lockDir(dir)
		}
		if err == nil {
			return lock, nil
		}
		// Another process's sweep can take the directory before it is locked.
		var inUse *InUseError
		if !errors.As(err, &inUse) && !errors.Is(err, os.ErrNotExist) {
			return nil, errors.Join(err, os.RemoveAll(dir))
		}
	}
}

// sweepTemporary removes the directories of ephemeral servers whose process was
// killed. It is best effort: what cannot be removed now can be at the next start.
func sweepTemporary(parent string, log *slog.Logger) {
	dirs, err := filepath.Glob(filepath.Join(parent, temporaryPrefix+"*"))
	if err != nil {
		return
	}
	for _, dir := range dirs {
		info, err := os.Lstat(dir)
		if err != nil || !info.IsDir() || ownerID(info) != os.Geteuid() {
			continue
		}
		lock, err := openLock(dir)
		if err != nil {
			continue
		}
		// A postmaster that is still shutting down keeps its files until then.
		if !orphanRuns(filepath.Join(dir, clusterName)) {
			err = os.RemoveAll(dir)
			log.Debug("removed an abandoned temporary database", "dir", dir, "error", err)
		}
		_ = lock.file.Close()
	}
}
