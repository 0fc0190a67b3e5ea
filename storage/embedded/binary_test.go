package embedded

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseVersion(t *testing.T) {
	for line, want := range map[string]struct {
		version string
		major   int
	}{
		"postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n": {"15.18", 15},
		"postgres (PostgreSQL) 17.5\n":                           {"17.5", 17},
		"postgres (PostgreSQL) 19beta1":                          {"19beta1", 19},
		"postgres (PostgreSQL) 9.6.24":                           {"9.6.24", 9},
	} {
		version, major, err := parseVersion(line)
		require.NoError(t, err, line)
		require.Equal(t, want.version, version)
		require.Equal(t, want.major, major)
	}
	_, _, err := parseVersion("command not found")
	require.Error(t, err)
}

func TestNumberIn(t *testing.T) {
	require.Equal(t, 17, numberIn("/usr/lib/postgresql/17/bin"))
	require.Equal(t, 9, numberIn("/usr/pgsql-9.6/bin"))
	require.Equal(t, 0, numberIn("/usr/local/bin"))
}

// fakeBin makes programs that print a version and nothing else.
func fakeBin(t *testing.T, version string) string {
	t.Helper()
	dir := openDir(t)
	script := fmt.Sprintf("#!/bin/sh\necho 'postgres (PostgreSQL) %s'\n", version)
	for _, program := range []string{"initdb", "postgres"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, program), []byte(script), 0o755))
	}
	return dir
}

func TestNamedBinaries(t *testing.T) {
	cfg := testConfig(t, openDir(t))
	cfg.BinDir = fakeBin(t, "16.2")
	b, err := findBinaries(t.Context(), cfg, nil, 0)
	require.NoError(t, err)
	require.Equal(t, binaries{dir: cfg.BinDir, version: "16.2", major: 16}, b)

	_, err = findBinaries(t.Context(), cfg, nil, 15)
	require.ErrorContains(t, err, "the database cluster needs Postgres 15")

	cfg.BinDir = fakeBin(t, "13.4")
	_, err = findBinaries(t.Context(), cfg, nil, 0)
	require.ErrorContains(t, err, "too old")

	cfg.BinDir = filepath.Join(openDir(t), "missing")
	_, err = findBinaries(t.Context(), cfg, nil, 0)
	require.ErrorContains(t, err, cfg.BinDir)

	cfg.BinDir = ""
	t.Setenv(binDirEnv, fakeBin(t, "18.1"))
	b, err = findBinaries(t.Context(), cfg, nil, 0)
	require.NoError(t, err)
	require.Equal(t, 18, b.major)
}

func TestSearchPathComesFirst(t *testing.T) {
	dir := fakeBin(t, "14.0")
	t.Setenv(binDirEnv, "")
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	b, err := findBinaries(t.Context(), testConfig(t, openDir(t)), nil, 0)
	require.NoError(t, err)
	require.Equal(t, dir, b.dir)
}

// repository serves the fake distribution in testdata, the way the downloader's
// repository does: a zip archive around a .txz, with its checksum beside it.
func repository(t *testing.T, checksum func(sum string) string) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	inner, err := os.ReadFile(filepath.Join("testdata", "distribution.txz"))
	require.NoError(t, err)
	var archive bytes.Buffer
	writer := zip.NewWriter(&archive)
	entry, err := writer.Create("postgres-any.txz")
	require.NoError(t, err)
	_, err = entry.Write(inner)
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	sum := sha256.Sum256(archive.Bytes())

	var downloads atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, ".jar.sha256"):
			_, _ = fmt.Fprint(w, checksum(hex.EncodeToString(sum[:])))
		case strings.HasSuffix(r.URL.Path, ".jar"):
			downloads.Add(1)
			_, _ = w.Write(archive.Bytes())
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server, &downloads
}

func TestFetch(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	server, downloads := repository(t, func(sum string) string { return sum })
	cfg := testConfig(t, openDir(t))
	cfg.RepositoryURL = server.URL
	cfg.CacheDir = filepath.Join(openDir(t), "cache")
	require.NoError(t, os.MkdirAll(filepath.Join(cfg.CacheDir, "fetch-abandoned"), 0o755))

	dir, err := fetch(t.Context(), cfg, 0)
	require.NoError(t, err)
	b, err := inspect(t.Context(), dir, nil)
	require.NoError(t, err)
	require.Equal(t, 17, b.major)
	again, err := fetch(t.Context(), cfg, fetchMajor)
	require.NoError(t, err)
	require.Equal(t, dir, again)
	require.EqualValues(t, 1, downloads.Load(), "the second time comes from the cache")
	rest, err := filepath.Glob(filepath.Join(cfg.CacheDir, "fetch-*"))
	require.NoError(t, err)
	require.Empty(t, rest)

	// What it unpacked is readable whatever the umask.
	info, err := os.Stat(filepath.Join(dir, "postgres"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o555), info.Mode().Perm()&0o555)
}

func TestFetchRefuses(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	cfg := testConfig(t, openDir(t))
	cfg.CacheDir = filepath.Join(openDir(t), "cache")
	server, _ := repository(t, func(string) string { return "0000" })
	cfg.RepositoryURL = server.URL
	_, err := fetch(t.Context(), cfg, 16)
	require.ErrorContains(t, err, "checksums do not match")

	empty := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(empty.Close)
	cfg.RepositoryURL = empty.URL
	_, err = fetch(t.Context(), cfg, 16)
	require.ErrorContains(t, err, "download Postgres 16")

	_, err = fetch(t.Context(), cfg, 99)
	require.ErrorContains(t, err, "no download of Postgres 99")
	rest, err := filepath.Glob(filepath.Join(cfg.CacheDir, "fetch-*"))
	require.NoError(t, err)
	require.Empty(t, rest)
}
