package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"
)

// fetchMajor is the version that a new cluster gets when it must be downloaded.
const fetchMajor = 17

// fetch returns the program directory of a downloaded Postgres, downloading it
// when the cache lacks it. Major 0 means any version.
func fetch(ctx context.Context, cfg Config, major int) (string, error) {
	if major == 0 {
		major = fetchMajor
	}
	version, err := fetchVersion(major)
	if err != nil {
		return "", err
	}
	cache, err := cacheDir(cfg)
	if err != nil {
		return "", err
	}
	err = os.MkdirAll(cache, 0o755)
	if err != nil {
		return "", fmt.Errorf("make the download cache: %w", err)
	}
	lock, err := openLockWait(ctx, cache)
	if err != nil {
		return "", err
	}
	defer lock.file.Close()

	home := filepath.Join(cache, "postgres-"+string(version))
	bin := filepath.Join(home, "bin")
	if complete(bin) {
		return bin, nil
	}
	stale, err := filepath.Glob(filepath.Join(cache, "fetch-*"))
	if err != nil {
		return "", fmt.Errorf("look for abandoned downloads: %w", err)
	}
	for _, dir := range append(stale, home) {
		err = os.RemoveAll(dir)
		if err != nil {
			return "", fmt.Errorf("remove an abandoned download: %w", err)
		}
	}
	work, err := os.MkdirTemp(cache, "fetch-")
	if err != nil {
		return "", fmt.Errorf("make room for the download: %w", err)
	}
	cfg.Log.Info("downloading Postgres, once", "version", version, "to", home)
	err = download(ctx, cfg.RepositoryURL, version, work)
	if err != nil {
		return "", err
	}
	unpacked := filepath.Join(work, "postgres")
	err = openUp(unpacked)
	if err == nil {
		err = os.Rename(unpacked, home)
	}
	if err != nil {
		return "", fmt.Errorf("install the downloaded Postgres: %w", err)
	}
	return bin, os.RemoveAll(work)
}

// download leaves an unpacked Postgres in work/postgres. The downloading module
// would go on to create and start a cluster, which it cannot do as root and
// which is done better here; its data path is one that its first step after
// unpacking, emptying that path, refuses, so it ends there.
func download(ctx context.Context, repositoryURL string, version embeddedpostgres.PostgresVersion, work string) error {
	unpacked := filepath.Join(work, "postgres")
	config := embeddedpostgres.DefaultConfig().
		Version(version).
		Port(0).
		CachePath(filepath.Join(work, "archive")).
		RuntimePath(filepath.Join(work, "runtime")).
		BinariesPath(unpacked).
		DataPath(work + "/.").
		Logger(io.Discard)
	if repositoryURL != "" {
		config = config.BinaryRepositoryURL(repositoryURL)
	}
	// The module takes no context. After a cancelled wait the goroutine only
	// goes on writing below work, which the next download clears away.
	ended := make(chan error, 1)
	go func() { ended <- embeddedpostgres.NewDatabase(config).Start() }()
	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
		return fmt.Errorf("download Postgres %s: %w", version, ctx.Err())
	}
	if !complete(filepath.Join(unpacked, "bin")) {
		err = errors.Join(err, os.RemoveAll(work))
		return fmt.Errorf("download Postgres %s: %w", version, err)
	}
	return nil
}

// complete tells whether the directory holds the programs needed.
func complete(bin string) bool {
	b := binaries{dir: bin}
	_, initdbErr := os.Stat(b.initdb())
	_, postgresErr := os.Stat(b.postgres())
	return initdbErr == nil && postgresErr == nil
}

// openUp lets every account read what a strict umask may have closed.
func openUp(root string) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.Type()&fs.ModeSymlink != 0 {
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		mode := info.Mode().Perm() | 0o444
		if mode&0o100 != 0 {
			mode |= 0o111
		}
		return os.Chmod(path, mode)
	})
}

// cacheDir is where downloads are kept.
func cacheDir(cfg Config) (string, error) {
	if cfg.CacheDir != "" {
		return filepath.Abs(cfg.CacheDir)
	}
	if os.Geteuid() == 0 {
		return "/var/cache/vigie", nil
	}
	base, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the user's cache directory: %w", err)
	}
	return filepath.Join(base, "vigie"), nil
}

func fetchVersion(major int) (embeddedpostgres.PostgresVersion, error) {
	switch major {
	case 14:
		return embeddedpostgres.V14, nil
	case 15:
		return embeddedpostgres.V15, nil
	case 16:
		return embeddedpostgres.V16, nil
	case 17:
		return embeddedpostgres.V17, nil
	case 18:
		return embeddedpostgres.V18, nil
	default:
		return "", fmt.Errorf("there is no download of Postgres %d", major)
	}
}
