// Command serve runs the service of package transporttest for clients in other languages. It prints its URL and serves
// until its standard input ends.
package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/graph/transport"
	"github.com/vigie-dev/vigie/graph/transport/transporttest"
)

func main() {
	err := run(os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// trusted is the document that clients may name.
const trusted = `{"hello": "{ hello }"}`

func run(until io.Reader, out io.Writer) error {
	manifest, err := transport.ReadManifest(strings.NewReader(trusted))
	if err != nil {
		return err
	}
	documents, err := transport.NewDocuments(transport.DocumentOptions{Mode: transport.DocumentsPrefer, Manifest: manifest, Hashed: 100})
	if err != nil {
		return err
	}
	options := transport.Options{Documents: documents, Init: admit}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("/graphql", transport.Compress(transporttest.NewServer(transporttest.Hooks{}, transport.New(options))))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ln) }()
	fmt.Fprintf(out, "http://%s/graphql\n", ln.Addr())
	_, err = io.Copy(io.Discard, until)
	err = errors.Join(err, server.Close())
	served := <-ended
	if errors.Is(served, http.ErrServerClosed) {
		served = nil
	}
	return errors.Join(err, served)
}
