package embedded

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/lib/pq"
	"github.com/stretchr/testify/require"
)

// helperEnv turns this test binary into a process that starts a server on the
// named directory, prints its URL, and waits for its input to end.
const helperEnv = "VIGIE_TEST_SERVE"

func TestMain(m *testing.M) {
	dir, ok := os.LookupEnv(helperEnv)
	if ok {
		os.Exit(serveHelper(dir))
	}
	os.Exit(m.Run())
}

func serveHelper(dir string) int {
	ctx := context.Background()
	server, err := Start(ctx, Config{DataDir: dir, Ephemeral: dir == ""})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(server.config.DataDir)
	_, _ = io.Copy(io.Discard, os.Stdin)
	err = server.Stop(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// startHelper runs serveHelper in a process of its own and returns it with its
// data directory, once it serves.
func startHelper(t *testing.T, dir string) (*exec.Cmd, io.Closer, string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), helperEnv+"="+dir)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err, "the helper process did not start a server")
	return cmd, stdin, strings.TrimSpace(line)
}

// openDir is a temporary directory that every account may pass through.
func openDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	// The testing package makes one directory per test and numbers those within.
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	require.NoError(t, os.Chmod(dir, 0o755))
	dir, err := canonical(dir)
	require.NoError(t, err)
	return dir
}

func testConfig(t *testing.T, dataDir string) Config {
	return Config{
		DataDir:     dataDir,
		clusterHome: filepath.Join(openDir(t), "home"),
		Log:         slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
}

func start(t *testing.T, cfg Config) *Server {
	t.Helper()
	server, err := Start(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Stop(context.Background())) })
	return server
}

// query returns the single text value of a statement.
func query(t *testing.T, url, statement string) string {
	t.Helper()
	db, err := sql.Open("postgres", url)
	require.NoError(t, err)
	defer db.Close()
	var value string
	require.NoError(t, db.QueryRowContext(t.Context(), statement).Scan(&value))
	return value
}

func exec1(t *testing.T, url, statement string) {
	t.Helper()
	db, err := sql.Open("postgres", url)
	require.NoError(t, err)
	defer db.Close()
	_, err = db.ExecContext(t.Context(), statement)
	require.NoError(t, err)
}

// awaitGone waits until no Postgres runs on the cluster.
func awaitGone(t *testing.T, clusterDir string) {
	t.Helper()
	require.Eventually(t, func() bool { return !orphanRuns(clusterDir) }, 20*time.Second, 10*time.Millisecond)
}

func TestRestartKeepsData(t *testing.T) {
	cfg := testConfig(t, filepath.Join(openDir(t), "data"))
	first := start(t, cfg)
	exec1(t, first.URL(Database), "CREATE TABLE kept AS SELECT 'Zoë' AS name")
	require.Equal(t, "UTF8", query(t, first.URL(Database), "SHOW server_encoding"))
	require.Equal(t, "UTC", query(t, first.URL(Database), "SHOW timezone"))
	require.NoError(t, first.Stop(t.Context()))
	require.NoError(t, first.Stop(t.Context()), "a second Stop")
	<-first.Done()
	require.NoError(t, first.Err())

	second := start(t, cfg)
	require.Equal(t, "Zoë", query(t, second.URL(Database), "SELECT name FROM kept"))

	info, err := os.Stat(filepath.Join(cfg.DataDir, passwordName))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	wrong := strings.Replace(second.URL(Database), second.password, "guess", 1)
	db, err := sql.Open("postgres", wrong)
	require.NoError(t, err)
	defer db.Close()
	require.Error(t, db.PingContext(t.Context()), "the server let a wrong password in")
}

func TestSecondStartIsInUse(t *testing.T) {
	cfg := testConfig(t, filepath.Join(openDir(t), "data"))
	helper, stdin, dir := startHelper(t, cfg.DataDir)
	_, err := Start(t.Context(), cfg)
	var inUse *InUseError
	require.ErrorAs(t, err, &inUse)
	require.Equal(t, InUseError{DataDir: dir, PID: helper.Process.Pid}, *inUse)

	attached, err := Attach(t.Context(), cfg.DataDir)
	require.NoError(t, err)
	require.Equal(t, superuser, query(t, attached.URL(Database), "SELECT current_user"))

	require.NoError(t, stdin.Close())
	require.NoError(t, helper.Wait())
	_, err = Attach(t.Context(), cfg.DataDir)
	require.ErrorIs(t, err, ErrNotRunning)
}

func TestAttachToNothing(t *testing.T) {
	_, err := Attach(t.Context(), filepath.Join(t.TempDir(), "missing"))
	require.ErrorIs(t, err, ErrNotRunning)
}

func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	one := start(t, Config{Ephemeral: true})
	two := start(t, Config{Ephemeral: true})
	exec1(t, one.URL(Database), "CREATE TABLE only_here ()")
	require.Equal(t, "0", query(t, two.URL(Database), "SELECT count(*)::text FROM pg_tables WHERE tablename = 'only_here'"))
	require.NoError(t, one.Stop(t.Context()))
	require.NoDirExists(t, one.config.DataDir)
	require.Equal(t, "1", query(t, two.URL(Database), "SELECT '1'"))
}

func TestKilledOwnerLeavesNoPostgres(t *testing.T) {
	cfg := testConfig(t, filepath.Join(openDir(t), "data"))
	helper, _, dir := startHelper(t, cfg.DataDir)
	found, exists, err := locate(dir, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	require.True(t, exists)
	require.True(t, orphanRuns(found.dir))
	require.NoError(t, helper.Process.Kill())
	_ = helper.Wait()

	// Where the system does not tie Postgres to its owner, the next start ends it.
	server := start(t, cfg)
	require.Equal(t, "1", query(t, server.URL(Database), "SELECT '1'"))
	require.NoError(t, server.Stop(t.Context()))
	awaitGone(t, found.dir)
}

func TestKilledEphemeralIsSweptAway(t *testing.T) {
	helper, _, dir := startHelper(t, "")
	clusterDir := filepath.Join(dir, clusterName)
	require.NoError(t, helper.Process.Kill())
	_ = helper.Wait()
	if !tiedToParent {
		require.NoError(t, stopOrphan(t.Context(), clusterDir, slog.New(slog.DiscardHandler)))
	}
	awaitGone(t, clusterDir)
	require.DirExists(t, dir)
	start(t, Config{Ephemeral: true})
	require.NoDirExists(t, dir)
}

func TestOrphanIsStopped(t *testing.T) {
	cfg := testConfig(t, filepath.Join(openDir(t), "data"))
	first := start(t, cfg)
	// Giving up the lock alone leaves what a killed owner leaves elsewhere.
	require.NoError(t, first.lock.release())
	second := start(t, cfg)
	<-first.Done()
	require.ErrorContains(t, first.Err(), "ended by itself")
	require.Equal(t, "1", query(t, second.URL(Database), "SELECT '1'"))
	first.stopOnce.Do(func() {})
}

func TestPostgresCrashIsTold(t *testing.T) {
	cfg := testConfig(t, filepath.Join(openDir(t), "data"))
	server := start(t, cfg)
	require.NoError(t, server.Err())
	require.NoError(t, server.postmaster.cmd.Process.Signal(syscall.SIGKILL))
	<-server.Done()
	require.ErrorContains(t, server.Err(), "killed")
	require.NoError(t, server.Stop(t.Context()))

	again := start(t, cfg)
	require.Equal(t, "1", query(t, again.URL(Database), "SELECT '1'"))
}

func TestStaleNoteOfAnotherProcess(t *testing.T) {
	cfg := testConfig(t, filepath.Join(openDir(t), "data"))
	server := start(t, cfg)
	clusterDir := server.cluster.dir
	require.NoError(t, server.Stop(t.Context()))
	// A live process of the same account, which is not a Postgres.
	sleeper := exec.Command("sleep", "600")
	sleeper.SysProcAttr = childAttr(mustAccount(t, server.cluster))
	require.NoError(t, sleeper.Start())
	t.Cleanup(func() { _ = sleeper.Process.Kill(); _ = sleeper.Wait() })
	stale := fmt.Sprintf("%d\n%s\n1\n5432\n\n127.0.0.1\n\nready\n", sleeper.Process.Pid, clusterDir)
	require.NoError(t, os.WriteFile(filepath.Join(clusterDir, noteName), []byte(stale), 0o600))
	require.NoError(t, mustAccount(t, server.cluster).give(filepath.Join(clusterDir, noteName)))

	again := start(t, cfg)
	require.Equal(t, "1", query(t, again.URL(Database), "SELECT '1'"))
}

func mustAccount(t *testing.T, c cluster) *account {
	t.Helper()
	acct, err := serverAccount(c, true)
	require.NoError(t, err)
	return acct
}

func TestStartErrorQuotesTheLog(t *testing.T) {
	cfg := testConfig(t, filepath.Join(openDir(t), "data"))
	cfg.Settings = map[string]string{"no_such_setting_at_all": "1"}
	_, err := Start(t.Context(), cfg)
	require.ErrorContains(t, err, "no_such_setting_at_all")
	// The failed start must not hold the directory.
	cfg.Settings = nil
	start(t, cfg)
}

func TestCancelledStartLeavesNothingRunning(t *testing.T) {
	cfg := testConfig(t, filepath.Join(openDir(t), "data"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Start(ctx, cfg)
	require.ErrorIs(t, err, context.Canceled)
	start(t, cfg)
}

func TestNoDataDir(t *testing.T) {
	_, err := Start(t.Context(), Config{})
	require.ErrorContains(t, err, "no data directory")
	var inUse *InUseError
	require.False(t, errors.As(err, &inUse))
}
