package main

import (
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestIsGoRunPath(t *testing.T) {
	hash := strings.Repeat("0123456789abcdef", 4)
	for path, want := range map[string]bool{
		"/tmp/go-build443808722/b001/exe/vigie":        true,
		"/var/cache/go-build/2d/" + hash + "-d/vigie":  true,
		"/srv/buildcache/2d/" + hash + "-d/vigie":      true,
		"/tmp/go-build443808722/b001/vigie.test":       false,
		"/usr/local/bin/vigie":                         false,
		"/opt/go-build-tools/vigie":                    false,
		"/var/cache/go-build/2d/" + hash[1:] + "/prog": false,
		"vigie": false,
	} {
		assert.Equal(t, want, isGoRunPath(path), path)
	}
}

// watching runs watch until the test ends and gives what it does.
type watching struct {
	signals chan os.Signal
	tick    chan time.Time
	parent  atomic.Int64
	stopped chan struct{}
	atOnce  chan struct{}
	ended   chan struct{}
}

func startWatching(t *testing.T) *watching {
	w := &watching{
		signals: make(chan os.Signal),
		tick:    make(chan time.Time),
		stopped: make(chan struct{}, 2),
		atOnce:  make(chan struct{}),
		ended:   make(chan struct{}),
	}
	w.parent.Store(100)
	released := make(chan struct{})
	parentID := func() int { return int(w.parent.Load()) }
	ready := make(chan struct{})
	go func() {
		defer close(w.ended)
		first := true
		watchSignals(w.signals, w.tick, func() int {
			if first {
				first = false
				defer close(ready)
			}
			return parentID()
		}, released, func() { w.stopped <- struct{}{} }, w.atOnce)
	}()
	<-ready
	t.Cleanup(func() {
		close(released)
		<-w.ended
	})
	return w
}

func TestFirstSignalStopsSecondStopsAtOnce(t *testing.T) {
	w := startWatching(t)
	w.signals <- os.Interrupt
	<-w.stopped
	select {
	case <-w.atOnce:
		t.Fatal("the first signal must stop gracefully")
	default:
	}
	w.signals <- os.Interrupt
	<-w.atOnce
	<-w.ended
}

func TestLossOfTheParentStops(t *testing.T) {
	w := startWatching(t)
	w.tick <- time.Time{}
	w.tick <- time.Time{}
	assert.Empty(t, w.stopped, "the parent lives")
	w.parent.Store(1)
	w.tick <- time.Time{}
	<-w.stopped
	w.signals <- os.Interrupt
	<-w.atOnce
}
