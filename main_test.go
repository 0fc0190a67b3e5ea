package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/storage/storagetest"
)

func TestMain(m *testing.M) {
	storagetest.Main(m)
}

// TestProgram meets the program as a person does: compiled and started.
func TestProgram(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program := filepath.Join(dir, "vigie")
	out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	t.Run("help", func(t *testing.T) { testHelp(t, program) })
	t.Run("version", func(t *testing.T) { testVersion(t, program) })
	t.Run("demo", func(t *testing.T) { testDemo(t, program) })
	t.Run("go run", func(t *testing.T) {
		built := filepath.Join(dir, "go-build1", "b001", "exe", "vigie")
		require.NoError(t, os.MkdirAll(filepath.Dir(built), 0o755))
		require.NoError(t, os.Link(program, built))
		testGoRun(t, built)
	})
}

// command prepares the program with nothing of the caller's configuration.
func command(program string, args ...string) (*exec.Cmd, *screen) {
	cmd := exec.Command(program, args...)
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "VIGIE_") && !strings.HasPrefix(variable, "DATABASE_URL=") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	var out screen
	cmd.Stdout, cmd.Stderr = &out, &out
	return cmd, &out
}

func testHelp(t *testing.T, program string) {
	for _, name := range []string{"", "demo", "serve", "migrate", "import", "seed", "version"} {
		args := []string{"--help"}
		if name != "" {
			args = []string{name, "--help"}
		}
		cmd, out := command(program, args...)
		require.NoError(t, cmd.Run(), "%v: %s", args, out)
		assert.Contains(t, out.String(), "Usage: vigie", name)
		if name != "" {
			assert.Contains(t, out.String(), "Example:", name)
		}
	}
	cmd, out := command(program, "serv")
	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Run(), &exit)
	assert.Equal(t, 2, exit.ExitCode())
	assert.Contains(t, out.String(), "vigie --help")
}

func testVersion(t *testing.T, program string) {
	cmd, out := command(program, "version")
	require.NoError(t, cmd.Run(), out)
	assert.Regexp(t, `^vigie \S+ \(go1\.`, out.String())
}

// The demo starts from nothing, says where it is, keeps its data directory to itself, stops at
// SIGTERM and finds its data again.
func testDemo(t *testing.T, program string) {
	dir := t.TempDir()
	for _, round := range []string{"first", "second"} {
		cmd, out := command(program)
		cmd.Env = append(cmd.Env, "VIGIE_DATA_DIR="+dir, "VIGIE_ADDR=127.0.0.1:0")
		require.NoError(t, cmd.Start())
		ended := wait(t, cmd)
		base := out.address(t)
		status, _ := get(t, base+"/readyz")
		assert.Equal(t, 200, status)
		assert.Equal(t, round == "first", strings.Contains(out.String(), "made up 200 customers"), "%s start: %s", round, out)

		second, says := command(program, "serve")
		second.Env = append(second.Env, "VIGIE_DATA_DIR="+dir, "VIGIE_ADDR=127.0.0.1:0")
		require.Error(t, second.Run())
		assert.Contains(t, says.String(), "in use by process")

		shared, says := command(program, "migrate", "--check")
		shared.Env = append(shared.Env, "VIGIE_DATA_DIR="+dir)
		require.NoError(t, shared.Run(), says)

		require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
		require.NoError(t, await(t, ended), out.String())
	}
}

// `go run` that is killed takes its program along, although nothing tells the program.
func testGoRun(t *testing.T, program string) {
	cmd, out := command("sh", "-c", `"$0" & wait`, program)
	cmd.Env = append(cmd.Env, "VIGIE_DATA_DIR="+t.TempDir(), "VIGIE_ADDR=127.0.0.1:0")
	require.NoError(t, cmd.Start())
	base := out.address(t)
	status, _ := get(t, base+"/livez")
	require.Equal(t, 200, status)
	require.NoError(t, cmd.Process.Kill())
	// Wait returns once the output is closed, which the program holds too.
	require.Error(t, await(t, wait(t, cmd)))
	assert.Contains(t, out.String(), "stopped serving")
}

func wait(t *testing.T, cmd *exec.Cmd) <-chan error {
	t.Helper()
	ended, reaped := make(chan error, 1), make(chan struct{})
	go func() {
		defer close(reaped)
		ended <- cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it has usually ended
		<-reaped
	})
	return ended
}

func await(t *testing.T, ended <-chan error) error {
	t.Helper()
	select {
	case err := <-ended:
		return err
	case <-time.After(patience):
		require.FailNow(t, "the program does not end")
		return nil
	}
}

func TestBuildVersion(t *testing.T) {
	assert.Equal(t, "unknown", buildVersion(nil))
	assert.Equal(t, "v1.2.3", buildVersion(&debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}}))
	assert.Equal(t, "development", buildVersion(&debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}))
	assert.Equal(t, "0123456789ab+changes", buildVersion(&debug.BuildInfo{Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "true"},
	}}))
}
