package resolvers_test

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

// proxy stands between the api and its database, and can be cut.
type proxy struct {
	target string

	mu       sync.Mutex
	listener net.Listener
	conns    []net.Conn
	isCut    bool
	running  sync.WaitGroup
}

// newCuttable is a shop whose way to the database goes through the returned proxy.
func newCuttable(t *testing.T) (*api, *proxy) {
	t.Helper()
	database := storagetest.New(t)
	plain := database.SQL()
	_, err := plain.ExecContext(t.Context(), shopRows)
	require.NoError(t, err)
	address, err := url.Parse(database.URL)
	require.NoError(t, err)
	p := &proxy{target: address.Host}
	p.open(t, "127.0.0.1:0")
	t.Cleanup(p.cut)
	address.Host = p.listener.Addr().String()
	pool, err := storage.Open(t.Context(), storage.Config{URL: address.String()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	a := serve(t, pool)
	a.db = plain
	return a, p
}

// open listens on an address.
func (p *proxy) open(t *testing.T, address string) {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	require.NoError(t, err)
	p.mu.Lock()
	p.listener, p.isCut = listener, false
	p.mu.Unlock()
	p.running.Add(1)
	go func() {
		defer p.running.Done()
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			p.join(client)
		}
	}()
}

// join passes on what goes in and out of one connection.
func (p *proxy) join(client net.Conn) {
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		_ = client.Close()
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.isCut {
		_, _ = client.Close(), server.Close()
		return
	}
	p.conns = append(p.conns, client, server)
	for _, way := range [][2]net.Conn{{client, server}, {server, client}} {
		p.running.Add(1)
		go func() {
			defer p.running.Done()
			_, _ = io.Copy(way[0], way[1]) // It ends when either side closes.
			_ = way[0].Close()
		}()
	}
}

// cut ends all connections and takes no more.
func (p *proxy) cut() {
	p.mu.Lock()
	p.isCut = true
	_ = p.listener.Close()
	for _, conn := range p.conns {
		_ = conn.Close()
	}
	p.conns = nil
	p.mu.Unlock()
	p.running.Wait()
}
