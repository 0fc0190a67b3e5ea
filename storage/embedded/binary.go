package embedded

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// oldestMajor is the oldest version of Postgres that the schema works with.
const oldestMajor = 14

// binDirEnv names the directory of the programs to use.
const binDirEnv = "VIGIE_POSTGRES_BIN"

// binaries is a directory with the programs of one Postgres version.
type binaries struct {
	dir     string
	version string
	major   int
}

func (b binaries) postgres() string { return filepath.Join(b.dir, "postgres") }
func (b binaries) initdb() string   { return filepath.Join(b.dir, "initdb") }

// check tells whether the account can work in dir. Trying it is the only test
// that knows every way of being refused.
func (b binaries) check(ctx context.Context, acct *account, dir string) error {
	_, err := run(ctx, acct, dir, b.postgres(), "--version")
	return err
}

// findBinaries returns programs that the account can run, of the given major
// version unless that is 0. A directory named by configuration is the only
// candidate; otherwise the machine is searched, and then the network.
func findBinaries(ctx context.Context, cfg Config, acct *account, major int) (binaries, error) {
	named := cmp.Or(cfg.BinDir, os.Getenv(binDirEnv))
	if named != "" {
		named, err := filepath.Abs(named)
		if err != nil {
			return binaries{}, fmt.Errorf("resolve the directory of the Postgres programs: %w", err)
		}
		b, err := inspect(ctx, named, acct)
		if err == nil && major != 0 && b.major != major {
			err = fmt.Errorf("the database cluster needs Postgres %d", major)
		}
		if err != nil {
			return binaries{}, fmt.Errorf("use the Postgres programs in %s: %w", named, err)
		}
		return b, nil
	}
	for _, dir := range candidateDirs(ctx) {
		b, err := inspect(ctx, dir, acct)
		if err != nil {
			cfg.Log.Debug("not using the Postgres programs in a directory", "dir", dir, "error", err)
			continue
		}
		if major == 0 || b.major == major {
			return b, nil
		}
	}
	err := ctx.Err()
	if err != nil {
		return binaries{}, fmt.Errorf("look for Postgres programs: %w", err)
	}
	dir, err := fetch(ctx, cfg, major)
	if err != nil {
		return binaries{}, fmt.Errorf("found no usable Postgres installation (set %s to its program directory, or DATABASE_URL to a running server) and could not get one: %w", binDirEnv, err)
	}
	b, err := inspect(ctx, dir, acct)
	if err != nil {
		return binaries{}, fmt.Errorf("use the downloaded Postgres programs: %w", err)
	}
	return b, nil
}

// inspect finds out which version lies in dir and whether the account can run it.
func inspect(ctx context.Context, dir string, acct *account) (binaries, error) {
	b := binaries{dir: dir}
	for _, program := range []string{b.initdb(), b.postgres()} {
		info, err := os.Stat(program)
		if err != nil {
			return binaries{}, err
		}
		if info.IsDir() || info.Mode()&0o111 == 0 {
			return binaries{}, fmt.Errorf("%s is not a program", program)
		}
	}
	out, err := run(ctx, acct, "/", b.postgres(), "--version")
	if err != nil {
		return binaries{}, err
	}
	b.version, b.major, err = parseVersion(out)
	if err != nil {
		return binaries{}, err
	}
	if b.major < oldestMajor {
		return binaries{}, fmt.Errorf("version %s is too old, %d is the oldest supported", b.version, oldestMajor)
	}
	return b, nil
}

// parseVersion reads the line that "postgres --version" prints.
func parseVersion(line string) (string, int, error) {
	match := regexp.MustCompile(`\(PostgreSQL\) ((\d+)\S*)`).FindStringSubmatch(line)
	if match == nil {
		return "", 0, fmt.Errorf("unexpected version %q", strings.TrimSpace(line))
	}
	major, err := strconv.Atoi(match[2])
	if err != nil {
		return "", 0, fmt.Errorf("unexpected version %q: %w", match[1], err)
	}
	return match[1], major, nil
}

// candidateDirs lists where Postgres programs may lie: what the search path
// leads to, then the places that packages use, the newest version first.
func candidateDirs(ctx context.Context) []string {
	var dirs []string
	path, err := exec.LookPath("postgres")
	if err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err == nil {
		dirs = append(dirs, filepath.Dir(path))
	}
	out, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output()
	if err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	var packaged []string
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",
		"/usr/pgsql-*/bin",
		"/usr/libexec/postgresql*",
		"/opt/homebrew/opt/postgresql*/bin",
		"/usr/local/opt/postgresql*/bin",
		"/usr/local/pgsql*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
	} {
		found, err := filepath.Glob(pattern)
		if err == nil {
			packaged = append(packaged, found...)
		}
	}
	slices.SortStableFunc(packaged, func(a, b string) int { return cmp.Compare(numberIn(b), numberIn(a)) })
	dirs = append(dirs, packaged...)

	seen := map[string]bool{}
	return slices.DeleteFunc(dirs, func(dir string) bool {
		again := seen[dir]
		seen[dir] = true
		return again
	})
}

// numberIn is the first number in the path, 0 when there is none.
func numberIn(path string) int {
	number, err := strconv.Atoi(regexp.MustCompile(`\d+`).FindString(path))
	if err != nil {
		return 0
	}
	return number
}
