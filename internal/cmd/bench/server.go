package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	startTime = time.Minute
	// stopTime is what a server gets to stop before it is killed.
	stopTime = 30 * time.Second
)

// buildServer builds the server in a temporary folder, which the function takes away; given a program, it uses that.
func buildServer(ctx context.Context, given string) (string, func(), error) {
	if given != "" {
		return given, func() {}, nil
	}
	dir, err := os.MkdirTemp("", "vigie-bench-")
	if err != nil {
		return "", nil, fmt.Errorf("make a folder to build the server in: %w", err)
	}
	remove := func() { _ = os.RemoveAll(dir) }
	// A server in a folder such as `go run` builds in ends when its parent is gone, so that none outlives a bench that was killed.
	program := filepath.Join(dir, "go-build-bench", "b001", "exe", "vigie")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, "github.com/vigie-dev/vigie")
	said, err := build.CombinedOutput()
	if err != nil {
		remove()
		return "", nil, fmt.Errorf("build the server: %w\n%s", err, said)
	}
	return program, remove, nil
}

// server is a running server.
type server struct {
	command *exec.Cmd
	graphql string
	metrics string
	token   string
	// exited has the process' end, once.
	exited chan error
}

// environment is the caller's, without what the bench chooses. What else configures the server stays, such as VIGIE_POOL_SIZE.
func environment(databaseURL, dir string) []string {
	chosen := map[string]string{
		"DATABASE_URL": databaseURL, "VIGIE_DATA_DIR": dir, "VIGIE_ADDR": "127.0.0.1:0", "VIGIE_ADMIN_ADDR": "127.0.0.1:0", databaseEnv: "",
	}
	list := []string{"VIGIE_LOG_LEVEL=warn"}
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		_, ours := chosen[name]
		if !ours {
			list = append(list, variable)
		}
	}
	for name, value := range chosen {
		list = append(list, name+"="+value)
	}
	return list
}

// startServer starts the demo's server over a database, and waits until it answers. dir takes the key that signs the demo's tokens.
func startServer(ctx context.Context, program, databaseURL, dir string, stderr io.Writer) (*server, error) {
	s := &server{command: exec.CommandContext(ctx, program, "demo"), exited: make(chan error, 1)}
	said := &screen{grown: make(chan struct{}, 1)}
	s.command.Env = environment(databaseURL, dir)
	s.command.Stdout, s.command.Stderr = said, stderr
	s.command.Cancel = func() error { return s.command.Process.Signal(syscall.SIGTERM) }
	s.command.WaitDelay = stopTime
	err := s.command.Start()
	if err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	go func() { s.exited <- s.command.Wait() }()
	err = s.await(ctx, said)
	if err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

var (
	graphqlLine = regexp.MustCompile(`(?m)^\s*GraphQL\s+(http://\S+)$`)
	metricsLine = regexp.MustCompile(`(?m)^\s*Metrics\s+(http://\S+)$`)
	adminLine   = regexp.MustCompile(`(?m)^\s*admin\s+(\S+)$`)
)

// await reads the server's welcome, which ends with an example.
func (s *server) await(ctx context.Context, said *screen) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		text := said.text()
		if bytes.Contains(text, []byte("\nTry:")) {
			s.graphql, s.metrics, s.token = found(graphqlLine, text), found(metricsLine, text), found(adminLine, text)
			if s.graphql == "" || s.metrics == "" {
				return errors.New("the server's welcome names no addresses")
			}
			return nil
		}
		select {
		case <-said.grown:
		case err := <-s.exited:
			s.exited <- err
			return fmt.Errorf("the server ended instead of answering: %w", err)
		case <-ctx.Done():
			return fmt.Errorf("the server did not answer: %w", ctx.Err())
		}
	}
}

func found(pattern *regexp.Regexp, text []byte) string {
	match := pattern.FindSubmatch(text)
	if match == nil {
		return ""
	}
	return string(match[1])
}

// stop ends the server and waits for it.
func (s *server) stop() error {
	_ = s.command.Process.Signal(syscall.SIGTERM) // It may have ended by itself.
	timer := time.AfterFunc(stopTime, func() { _ = s.command.Process.Kill() })
	defer timer.Stop()
	err := <-s.exited
	if err != nil {
		return fmt.Errorf("the server did not end well: %w", err)
	}
	return nil
}

// screen is an output that the server writes and the bench reads.
type screen struct {
	mu     sync.Mutex
	buffer bytes.Buffer
	grown  chan struct{}
}

// Write takes what the server says.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.buffer.Write(p)
	select {
	case s.grown <- struct{}{}:
	default: // Told already.
	}
	return n, err
}

func (s *screen) text() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Clone(s.buffer.Bytes())
}
