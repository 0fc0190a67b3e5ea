package httpd_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/graph/httpd"
)

// patience bounds the waits for something that must happen; a test that works never spends it.
const patience = 10 * time.Second

type running struct {
	addr   string
	stop   context.CancelFunc
	result chan error
}

func start(t *testing.T, h *httpd.Handler, opt httpd.ServeOptions) *running {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	opt.Log = silent()
	s := &running{addr: ln.Addr().String(), stop: cancel, result: make(chan error, 1)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.result <- httpd.Serve(ctx, ln, h, opt)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	return s
}

func await[T any](t *testing.T, from <-chan T, what string) T {
	t.Helper()
	select {
	case value := <-from:
		return value
	case <-time.After(patience):
		require.FailNow(t, "timed out", "waiting for %s", what)
		panic("unreachable")
	}
}

type response struct {
	status int
	body   string
	err    error
}

func fetch(url string) <-chan response {
	done := make(chan response, 1)
	go func() {
		res, err := http.Get(url)
		if err != nil {
			done <- response{err: err}
			return
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		done <- response{res.StatusCode, string(body), err}
	}()
	return done
}

func TestGracefulStopFinishesRequestsInFlight(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	var cancelled error
	h := httpd.New(httpd.Options{Log: silent(), GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		<-release
		cancelled = r.Context().Err()
		_, _ = io.WriteString(w, "whole answer")
	})})
	s := start(t, h, httpd.ServeOptions{StopTimeout: patience})
	got := fetch("http://" + s.addr + "/graphql")
	await(t, entered, "the request")
	s.stop()
	// Once connections are refused the server is stopping, with the request still inside.
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", s.addr)
		if err == nil {
			conn.Close()
		}
		return err != nil
	}, patience, time.Millisecond)
	close(release)
	res := await(t, got, "the answer")
	require.NoError(t, res.err)
	assert.Equal(t, "whole answer", res.body)
	require.NoError(t, await(t, s.result, "the server"))
	assert.NoError(t, cancelled, "a request in flight keeps its context")
}

func TestReadinessTurnsBeforeConnectionsAreRefused(t *testing.T) {
	h := httpd.New(httpd.Options{GraphQL: answer(200, "ok"), Log: silent()})
	atOnce := make(chan struct{})
	s := start(t, h, httpd.ServeOptions{DrainDelay: time.Hour, StopTimeout: patience, AtOnce: atOnce})
	res := await(t, fetch("http://"+s.addr+"/readyz"), "the first probe")
	assert.Equal(t, 200, res.status)
	s.stop()
	require.Eventually(t, func() bool {
		res = await(t, fetch("http://"+s.addr+"/readyz"), "a probe")
		return res.status == 503
	}, patience, time.Millisecond)
	assert.Contains(t, res.body, `"STOPPING"`)
	res = await(t, fetch("http://"+s.addr+"/graphql"), "a late request")
	assert.Equal(t, "ok", res.body, "still answered while the load balancer notices")
	close(atOnce)
	await(t, s.result, "the server")
}

func TestStopCutsWhatDoesNotFinish(t *testing.T) {
	for _, hurry := range []bool{false, true} {
		t.Run(fmt.Sprintf("hurry=%v", hurry), func(t *testing.T) {
			entered, left := make(chan struct{}), make(chan error, 1)
			h := httpd.New(httpd.Options{Log: silent(), GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				close(entered)
				<-r.Context().Done()
				left <- r.Context().Err()
			})})
			atOnce := make(chan struct{})
			opt := httpd.ServeOptions{StopTimeout: time.Millisecond}
			if hurry {
				opt = httpd.ServeOptions{StopTimeout: time.Hour, AtOnce: atOnce}
				close(atOnce)
			}
			s := start(t, h, opt)
			got := fetch("http://" + s.addr + "/graphql")
			await(t, entered, "the request")
			s.stop()
			err := await(t, s.result, "the server")
			require.ErrorContains(t, err, "cut")
			assert.ErrorIs(t, await(t, left, "the handler"), context.Canceled)
			assert.Error(t, await(t, got, "the client").err)
		})
	}
}

func TestSocketsAreToldToEndAndAwaited(t *testing.T) {
	closed := make(chan error, 1)
	h := httpd.New(httpd.Options{Log: silent(), GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, rw, err := w.(http.Hijacker).Hijack()
		if err != nil {
			closed <- err
			return
		}
		defer conn.Close()
		_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
		_ = rw.Flush()
		<-r.Context().Done()
		closed <- r.Context().Err()
	})})
	s := start(t, h, httpd.ServeOptions{StopTimeout: patience})
	conn, err := net.Dial("tcp", s.addr)
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n")
	require.NoError(t, err)
	line, err := bufio.NewReader(conn).ReadString('\n')
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(line, "HTTP/1.1 101"), line)

	s.stop()
	require.NoError(t, await(t, s.result, "the server"))
	select {
	case err = <-closed:
		assert.ErrorIs(t, err, context.Canceled)
	default:
		assert.Fail(t, "Serve returned before the socket ended")
	}
}

func TestServeReportsAFailedListener(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, ln.Close())
	h := httpd.New(httpd.Options{GraphQL: answer(200, ""), Log: silent()})
	err = httpd.Serve(context.Background(), ln, h, httpd.ServeOptions{Log: silent()})
	require.ErrorIs(t, err, net.ErrClosed)
	assert.False(t, errors.Is(err, http.ErrServerClosed))
}
