package embedded

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// closedDir is a directory that only this account may enter.
func closedDir(t *testing.T) string {
	t.Helper()
	dir := openDir(t)
	require.NoError(t, os.Chmod(dir, 0o700))
	return dir
}

// For root the cluster has to lie elsewhere; an ordinary account is at home in
// its own closed directory.
func TestClosedDirectory(t *testing.T) {
	cfg := testConfig(t, filepath.Join(closedDir(t), "deep", "data"))
	server := start(t, cfg)
	exec1(t, server.URL(Database), "CREATE TABLE kept AS SELECT 'here' AS name")
	if os.Geteuid() == 0 {
		require.Equal(t, cfg.clusterHome, filepath.Dir(server.cluster.folder))
		require.NoDirExists(t, filepath.Join(cfg.DataDir, clusterName))
	} else {
		require.Empty(t, server.cluster.folder)
	}
	attached, err := Attach(t.Context(), cfg.DataDir)
	require.NoError(t, err)
	require.Equal(t, "here", query(t, attached.URL(Database), "SELECT name FROM kept"))
	require.NoError(t, server.Stop(t.Context()))

	again := start(t, cfg)
	require.Equal(t, "here", query(t, again.URL(Database), "SELECT name FROM kept"))
	require.NoError(t, again.Stop(t.Context()))

	// The directory may move; its cluster follows.
	moved := filepath.Join(closedDir(t), "data")
	require.NoError(t, os.Rename(cfg.DataDir, moved))
	cfg.DataDir = moved
	after := start(t, cfg)
	require.Equal(t, "here", query(t, after.URL(Database), "SELECT name FROM kept"))
}

func TestEphemeralInClosedDirectory(t *testing.T) {
	cfg := testConfig(t, filepath.Join(closedDir(t), "data"))
	cfg.Ephemeral = true
	server := start(t, cfg)
	require.NoError(t, server.Stop(t.Context()))
	require.NoDirExists(t, cfg.DataDir)
	require.NoDirExists(t, server.cluster.dir)
}

// foreignCluster makes what place leaves for a data directory elsewhere.
func foreignCluster(t *testing.T, home, name, owner string) cluster {
	t.Helper()
	c := cluster{folder: filepath.Join(home, name)}
	c.dir = filepath.Join(c.folder, clusterName)
	require.NoError(t, os.MkdirAll(c.dir, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(c.dir, "PG_VERSION"), []byte("15\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(c.folder, ownerName), []byte(owner+"\n"), 0o600))
	return c
}

func name(t *testing.T, dataDir string, c cluster) {
	t.Helper()
	require.NoError(t, os.MkdirAll(dataDir, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dataDir, placementName), []byte(c.folder+"\n"), 0o600))
}

func TestSweepClusters(t *testing.T) {
	cfg := testConfig(t, openDir(t))
	home := cfg.clusterHome
	kept := foreignCluster(t, home, "kept", filepath.Join(cfg.DataDir, "kept"))
	name(t, filepath.Join(cfg.DataDir, "kept"), kept)
	gone := foreignCluster(t, home, "gone", filepath.Join(cfg.DataDir, "gone"))
	left := foreignCluster(t, home, "left", filepath.Join(cfg.DataDir, "kept"))
	ownerless := foreignCluster(t, home, "ownerless", "")
	// The folder around the data directory is away too, as when a volume is not mounted: kept for a week.
	away := foreignCluster(t, home, "away", filepath.Join(cfg.DataDir, "volume", "data"))
	forgotten := foreignCluster(t, home, "forgotten", filepath.Join(cfg.DataDir, "volume", "data"))
	longAgo := time.Now().Add(-2 * comeBack)
	require.NoError(t, os.Chtimes(forgotten.dir, longAgo, longAgo))

	// While somebody is placing a cluster, nothing is swept.
	lock, err := openLock(home)
	require.NoError(t, err)
	require.NoError(t, sweepClusters(home, "/nowhere", cfg.Log))
	require.DirExists(t, gone.folder)
	require.NoError(t, lock.release())

	require.NoError(t, sweepClusters(home, "/nowhere", cfg.Log))
	require.DirExists(t, kept.dir)
	require.NoDirExists(t, gone.folder)
	require.NoDirExists(t, left.folder)
	require.NoDirExists(t, ownerless.folder)
	require.DirExists(t, away.dir)
	require.NoDirExists(t, forgotten.folder)
	// Below the folder for temporary files nothing comes back.
	require.NoError(t, sweepClusters(home, cfg.DataDir, cfg.Log))
	require.NoDirExists(t, away.folder)
	require.NoError(t, sweepClusters(filepath.Join(home, "missing"), "/nowhere", cfg.Log))
}

func TestCopiedDirectoryDoesNotShare(t *testing.T) {
	cfg := testConfig(t, openDir(t))
	original, copied := filepath.Join(cfg.DataDir, "original"), filepath.Join(cfg.DataDir, "copied")
	c := foreignCluster(t, cfg.clusterHome, "one", original)
	name(t, original, c)
	name(t, copied, c)
	_, exists, err := locate(original, cfg.Log)
	require.NoError(t, err)
	require.True(t, exists)
	_, _, err = locate(copied, cfg.Log)
	require.ErrorContains(t, err, "is a copy of "+original)

	require.NoError(t, os.RemoveAll(c.folder))
	_, exists, err = locate(original, cfg.Log)
	require.NoError(t, err)
	require.False(t, exists)
}

func TestInterruptedInitialisationStartsOver(t *testing.T) {
	cfg := testConfig(t, filepath.Join(openDir(t), "data"))
	draft := filepath.Join(cfg.DataDir, clusterName+".new", "base")
	require.NoError(t, os.MkdirAll(draft, 0o755))
	require.NoError(t, os.Chmod(cfg.DataDir, 0o755))
	server := start(t, cfg)
	require.Equal(t, "1", query(t, server.URL(Database), "SELECT '1'"))
	require.NoDirExists(t, filepath.Dir(draft))
	require.NoFileExists(t, server.cluster.dir+".password")
}
