package embedded

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

const passwordName = "password"

// initialise creates the cluster's files and returns the superuser's password.
// It works beside the final place and renames at the end, so that an interrupted
// run never looks like a cluster.
func initialise(ctx context.Context, cfg Config, bin binaries, acct *account, c cluster) (string, error) {
	parent := filepath.Dir(c.dir)
	draft := c.dir + ".new"
	err := os.RemoveAll(draft)
	if err == nil {
		err = os.Mkdir(draft, 0o700)
	}
	if err != nil {
		return "", fmt.Errorf("make room for the database cluster: %w", err)
	}
	password := strings.ToLower(rand.Text())
	passwordFile := c.dir + ".password"
	err = writeFile(filepath.Join(cfg.DataDir, passwordName), password+"\n", 0o600)
	if err == nil {
		err = writeFile(passwordFile, password+"\n", 0o600)
	}
	if err == nil {
		err = errors.Join(acct.give(draft), acct.give(passwordFile))
	}
	if err == nil {
		err = initdb(ctx, cfg, bin, acct, parent, draft, passwordFile)
	}
	if err == nil {
		err = os.Rename(draft, c.dir)
	}
	removeErr := os.Remove(passwordFile)
	if err != nil {
		return "", errors.Join(fmt.Errorf("create the database cluster: %w", err), os.RemoveAll(draft))
	}
	return password, removeErr
}

// initdb runs the program of that name with the first character classification
// that the system knows. Order stays bytewise (quick, the same everywhere);
// classification decides what is a letter, which case folding and trigrams need.
func initdb(ctx context.Context, cfg Config, bin binaries, acct *account, workDir, dir, passwordFile string) error {
	args := []string{
		"--pgdata", dir, "--username", superuser, "--pwfile", passwordFile,
		"--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C",
	}
	if cfg.Ephemeral {
		args = append(args, "--no-sync")
	}
	var err error
	for _, ctype := range []string{"C.UTF-8", "en_US.UTF-8", "C"} {
		var out string
		out, err = run(ctx, acct, workDir, bin.initdb(), append(args, "--lc-ctype", ctype)...)
		if err == nil || !strings.Contains(out, "locale") || ctx.Err() != nil {
			return err
		}
		cfg.Log.Debug("the system lacks a character classification", "ctype", ctype)
		// A refused locale can leave a started directory, which is then refused.
		err = errors.Join(err, os.RemoveAll(dir), os.Mkdir(dir, 0o700), acct.give(dir))
	}
	return err
}

// readPassword returns the password of an existing cluster.
func readPassword(dataDir string) (string, error) {
	password, err := readLine(filepath.Join(dataDir, passwordName))
	if err != nil {
		return "", err
	}
	if password == "" {
		return "", fmt.Errorf("%s lacks its password file: remove the directory to start with an empty database", dataDir)
	}
	return password, nil
}

// run executes a short program as the account and returns what it printed. The
// error quotes the end of that.
func run(ctx context.Context, acct *account, workDir, program string, args ...string) (string, error) {
	// endWithParent is tied to the thread, which must not end while it works.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = workDir
	cmd.Env = childEnv()
	cmd.SysProcAttr = childAttr(acct)
	endWithParent(cmd.SysProcAttr, syscall.SIGKILL)
	cmd.Cancel = func() error { return killGroup(cmd) }
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.CombinedOutput()
	if err != nil {
		return string(out), fmt.Errorf("%s: %w%s", filepath.Base(program), err, quoteTail(string(out)))
	}
	return string(out), nil
}

// childEnv is all that initdb and postgres get to see of the environment: PG
// variables would redirect them, and secrets are none of their business.
func childEnv() []string {
	env := []string{"LC_ALL=C", "TZ=UTC"}
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"} {
		value, ok := os.LookupEnv(name)
		if ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// quoteTail formats the last lines of a program's output for an error.
func quoteTail(text string) string {
	const most = 12
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	lines := strings.Split(text, "\n")
	if len(lines) > most {
		lines = lines[len(lines)-most:]
	}
	return "\n\t" + strings.Join(lines, "\n\t")
}
