package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// startTime is the most that a start may take; recovery after a crash with
	// much unwritten data is the slow case.
	startTime    = 2 * time.Minute
	pollInterval = 10 * time.Millisecond
)

// postmaster is a running Postgres process.
type postmaster struct {
	cmd  *exec.Cmd
	port int
	log  logTail

	stopping atomic.Bool
	// done is closed after exit has been written.
	done chan struct{}
	exit error
}

// launch starts Postgres and waits until it accepts connections. It tries
// another port when somebody took the chosen one first, and waits for the last
// processes of a crashed predecessor.
func launch(ctx context.Context, cfg Config, bin binaries, acct *account, c cluster) (*postmaster, error) {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	tick := time.NewTicker(10 * pollInterval)
	defer tick.Stop()
	for {
		pm, err := launchOnce(ctx, cfg, bin, acct, c)
		if err == nil {
			return pm, nil
		}
		reason := err.Error()
		if !strings.Contains(reason, "could not bind") && !strings.Contains(reason, "shared memory block") {
			return nil, err
		}
		cfg.Log.Debug("starting Postgres again", "error", err)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, err
		}
	}
}

func launchOnce(ctx context.Context, cfg Config, bin binaries, acct *account, c cluster) (*postmaster, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	file, err := openLog(cfg.DataDir)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	tail, err := tailFrom(file)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(bin.postgres(), serverArgs(cfg, c.dir, port)...)
	cmd.Dir = c.dir
	cmd.Env = childEnv()
	cmd.Stdout, cmd.Stderr = file, file
	cmd.SysProcAttr = childAttr(acct)
	endSignal := syscall.SIGINT
	if cfg.Ephemeral {
		endSignal = syscall.SIGQUIT
	}
	endWithParent(cmd.SysProcAttr, endSignal)

	pm := &postmaster{cmd: cmd, port: port, log: tail, done: make(chan struct{})}
	started := make(chan error, 1)
	go pm.watch(started)
	err = <-started
	if err != nil {
		return nil, fmt.Errorf("start Postgres: %w", err)
	}
	err = pm.awaitReady(ctx, c.dir)
	if err != nil {
		return nil, errors.Join(err, pm.shutdown(ctx, true))
	}
	return pm, nil
}

// watch owns the process from start to end. It keeps its thread throughout:
// the system takes that thread's end for the parent's (see endWithParent).
func (pm *postmaster) watch(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(pm.done)
	err := pm.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	err = pm.cmd.Wait()
	if pm.stopping.Load() {
		return
	}
	how := "without an error"
	if err != nil {
		how = err.Error()
	}
	pm.exit = fmt.Errorf("the Postgres process ended by itself: %s%s", how, quoteTail(pm.log.read()))
}

// failure is why the process ended by itself, nil otherwise.
func (pm *postmaster) failure() error {
	select {
	case <-pm.done:
		return pm.exit
	default:
		return nil
	}
}

// awaitReady polls the file in which Postgres notes its state, as pg_ctl does.
func (pm *postmaster) awaitReady(ctx context.Context, clusterDir string) error {
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		note, err := readNote(clusterDir)
		if err != nil {
			return err
		}
		if note.ready && note.pid == pm.cmd.Process.Pid && note.port == pm.port {
			return nil
		}
		select {
		case <-tick.C:
		case <-pm.done:
			return pm.exit
		case <-ctx.Done():
			return fmt.Errorf("wait for Postgres to accept connections: %w%s", ctx.Err(), quoteTail(pm.log.read()))
		}
	}
}

// shutdown ends the process and returns when it is gone. Immediate skips the
// orderly part, for data that nobody wants again.
func (pm *postmaster) shutdown(ctx context.Context, immediate bool) error {
	pm.stopping.Store(true)
	steps := []struct {
		signal os.Signal
		wait   time.Duration
	}{
		{syscall.SIGINT, fastShutdownTime},
		{syscall.SIGQUIT, immediateShutdownTime},
	}
	if immediate {
		steps = steps[1:]
	}
	impatient := ctx.Done()
	for _, step := range steps {
		err := pm.cmd.Process.Signal(step.signal)
		if err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("stop Postgres: %w", err)
		}
		timer := time.NewTimer(step.wait)
		select {
		case <-pm.done:
			timer.Stop()
			return nil
		case <-impatient:
			timer.Stop()
			// The harsher signal still gets its time: it takes milliseconds.
			impatient = nil
		case <-timer.C:
		}
	}
	err := pm.cmd.Process.Kill()
	if err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("kill Postgres: %w", err)
	}
	<-pm.done
	return errors.New("the Postgres process had to be killed")
}

// stopOrphan ends a Postgres that a killed process left on the cluster, and
// clears the note of one that is gone when its process id means another now:
// Postgres would take that for a running server.
func stopOrphan(ctx context.Context, clusterDir string, log *slog.Logger) error {
	if !orphanRuns(clusterDir) {
		note, err := readNote(clusterDir)
		if err != nil {
			return err
		}
		if note.pid != 0 && processAlive(note.pid) {
			return os.Remove(filepath.Join(clusterDir, noteName))
		}
		return nil
	}
	log.Info("stopping the Postgres that a killed process left behind")
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for _, step := range []struct {
		signal os.Signal
		wait   time.Duration
	}{{syscall.SIGINT, fastShutdownTime}, {syscall.SIGQUIT, immediateShutdownTime}} {
		note, err := readNote(clusterDir)
		if err != nil {
			return err
		}
		process, err := os.FindProcess(note.pid)
		if err == nil && note.pid != 0 {
			err = process.Signal(step.signal)
		}
		if err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("stop the Postgres left behind (process %d): %w", note.pid, err)
		}
		deadline := time.NewTimer(step.wait)
		for waiting := true; waiting; {
			if !orphanRuns(clusterDir) {
				deadline.Stop()
				return nil
			}
			select {
			case <-tick.C:
			case <-deadline.C:
				waiting = false
			case <-ctx.Done():
				deadline.Stop()
				return fmt.Errorf("wait for the Postgres left behind: %w", ctx.Err())
			}
		}
	}
	return fmt.Errorf("a Postgres left behind on %s does not stop", clusterDir)
}

// freePort asks the system for a port that nobody listens on right now.
func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	return port, listener.Close()
}

const noteName = "postmaster.pid"

// note is what a running Postgres says of itself in its cluster.
type note struct {
	pid, port int
	ready     bool
}

// readNote returns the zero note when there is none, or none complete.
func readNote(clusterDir string) (note, error) {
	text, err := readLine(filepath.Join(clusterDir, noteName))
	if err != nil {
		return note{}, err
	}
	lines := strings.Split(text, "\n")
	var n note
	n.pid, err = strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil {
		return note{}, nil
	}
	if len(lines) > 3 {
		n.port, err = strconv.Atoi(strings.TrimSpace(lines[3]))
		if err != nil {
			return note{}, nil
		}
	}
	n.ready = len(lines) > 7 && strings.TrimSpace(lines[7]) == "ready"
	return n, nil
}

// orphanRuns tells whether a Postgres started by this package runs on the cluster.
func orphanRuns(clusterDir string) bool {
	n, err := readNote(clusterDir)
	return err == nil && n.pid != 0 && isPostmaster(n.pid, clusterDir)
}
