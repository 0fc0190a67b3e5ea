package main

import (
	"context"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// parentPoll is how often the death of `go run` is looked for.
const parentPoll = 500 * time.Millisecond

// stopSignals returns a context that ends at the first SIGINT or SIGTERM, or when the `go run` that started this program
// is gone, and a channel that closes at the second signal. A third one ends the process without ceremony. The caller
// calls release at the end.
func stopSignals(parent context.Context) (context.Context, <-chan struct{}, func()) {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	// A closed terminal stops the program in order too, unless it was started to outlive its terminal.
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	atOnce, released, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		var orphaned <-chan time.Time
		if startedByGoRun() {
			ticker := time.NewTicker(parentPoll)
			defer ticker.Stop()
			orphaned = ticker.C
		}
		watchSignals(signals, orphaned, os.Getppid, released, cancel, atOnce)
		signal.Stop(signals)
	}()
	return ctx, atOnce, func() {
		close(released)
		<-ended
		cancel()
	}
}

// watchSignals turns signals and the loss of the parent into the two kinds of stop, until released.
func watchSignals(signals <-chan os.Signal, tick <-chan time.Time, parentID func() int, released <-chan struct{}, stop func(), atOnce chan<- struct{}) {
	first := parentID()
	stopping := false
	for {
		select {
		case <-released:
			return
		case <-tick:
			if parentID() != first {
				stop()
				stopping, tick = true, nil
			}
		case <-signals:
			stop()
			if stopping {
				close(atOnce)
				return
			}
			stopping = true
		}
	}
}

// startedByGoRun reports whether this program lies where `go run` builds programs. A `go run` that is killed leaves its
// program running, so such a program has to look after its parent itself.
func startedByGoRun() bool {
	path, err := os.Executable()
	return err == nil && isGoRunPath(path)
}

// cachedOutput is a folder of the build cache in which `go run` keeps a program for the next time.
var cachedOutput = regexp.MustCompile(`^[0-9a-f]{64}-d$`)

func isGoRunPath(path string) bool {
	dir := filepath.ToSlash(filepath.Dir(path))
	parts := strings.Split(dir, "/")
	n := len(parts)
	if cachedOutput.MatchString(parts[n-1]) {
		return true
	}
	return n >= 3 && parts[n-1] == "exe" && strings.HasPrefix(parts[n-3], "go-build")
}
