package embedded

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	// defaultClusterHome holds the clusters of data directories that the
	// account running Postgres cannot enter.
	defaultClusterHome = "/var/lib/vigie"
	// clusterName is the cluster's directory, in the data directory or in its
	// own folder below the cluster home.
	clusterName = "postgres"
	// placementName is the file of a data directory that names its cluster's
	// folder elsewhere; ownerName is that folder's file naming the data directory.
	placementName = "cluster"
	ownerName     = "owner"
)

// cluster is where the database files lie.
type cluster struct {
	// dir is what Postgres calls the data directory.
	dir string
	// folder is the directory below the cluster home that holds dir; empty when
	// the cluster lies in the data directory itself.
	folder string
}

// locate finds the data directory's initialised cluster.
func locate(dataDir string, log *slog.Logger) (cluster, bool, error) {
	c := cluster{dir: filepath.Join(dataDir, clusterName)}
	folder, err := readLine(filepath.Join(dataDir, placementName))
	if err != nil {
		return cluster{}, false, err
	}
	if folder != "" {
		c = cluster{dir: filepath.Join(folder, clusterName), folder: folder}
	}
	_, err = os.Stat(filepath.Join(c.dir, "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		if folder != "" {
			log.Warn("the database cluster is gone, starting with an empty one", "cluster", c.dir)
		}
		return cluster{}, false, nil
	}
	if err != nil {
		return cluster{}, false, fmt.Errorf("look at the database cluster: %w", err)
	}
	if folder == "" {
		return c, true, nil
	}
	return c, true, c.adopt(dataDir)
}

// adopt checks that a cluster elsewhere is this data directory's. One that was
// moved takes its cluster along; a copy must not share it with the original.
func (c cluster) adopt(dataDir string) error {
	ownerPath := filepath.Join(c.folder, ownerName)
	owner, err := readLine(ownerPath)
	if err != nil {
		return err
	}
	if owner == dataDir {
		return nil
	}
	if owner != "" {
		named, err := readLine(filepath.Join(owner, placementName))
		if err == nil && named == c.folder {
			return fmt.Errorf("%s is a copy of %s, whose database in %s cannot serve both: remove %s to start with an empty one",
				dataDir, owner, c.folder, filepath.Join(dataDir, placementName))
		}
	}
	return writeFile(ownerPath, dataDir+"\n", 0o644)
}

// major is the major version of Postgres that wrote the cluster.
func (c cluster) major() (int, error) {
	text, err := readLine(filepath.Join(c.dir, "PG_VERSION"))
	if err != nil {
		return 0, err
	}
	major, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("unexpected version %q of the database cluster %s", text, c.dir)
	}
	return major, nil
}

// remove deletes the cluster. The zero cluster has nothing to delete.
func (c cluster) remove() error {
	if c.folder != "" {
		return os.RemoveAll(c.folder)
	}
	if c.dir != "" {
		return os.RemoveAll(c.dir)
	}
	return nil
}

// place decides where a new cluster goes and makes the folder for it.
func place(ctx context.Context, cfg Config, bin binaries, acct *account) (cluster, error) {
	here := cluster{dir: filepath.Join(cfg.DataDir, clusterName)}
	placement := filepath.Join(cfg.DataDir, placementName)
	if acct == nil || bin.check(ctx, acct, cfg.DataDir) == nil {
		err := os.Remove(placement)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return cluster{}, fmt.Errorf("forget the former cluster: %w", err)
		}
		return here, nil
	}
	err := os.MkdirAll(cfg.clusterHome, 0o755)
	if err != nil {
		return cluster{}, fmt.Errorf("make the directory for clusters: %w", err)
	}
	home, err := openLockWait(ctx, cfg.clusterHome)
	if err != nil {
		return cluster{}, err
	}
	defer home.file.Close()

	folder := filepath.Join(cfg.clusterHome, strings.ToLower(rand.Text()))
	err = os.Mkdir(folder, 0o711)
	if err == nil {
		// The mode given to Mkdir is cut by the umask.
		err = os.Chmod(folder, 0o711)
	}
	if err != nil {
		return cluster{}, fmt.Errorf("make the cluster's folder: %w", err)
	}
	there := cluster{dir: filepath.Join(folder, clusterName), folder: folder}
	err = bin.check(ctx, acct, folder)
	if err != nil {
		return cluster{}, errors.Join(fmt.Errorf("%s can enter neither %s nor %s: %w",
			acct.name, cfg.DataDir, folder, err), there.remove())
	}
	err = writeFile(filepath.Join(folder, ownerName), cfg.DataDir+"\n", 0o644)
	if err == nil {
		err = writeFile(placement, folder+"\n", 0o644)
	}
	if err != nil {
		return cluster{}, errors.Join(err, there.remove())
	}
	cfg.Log.Info("the data directory is closed to the account that runs Postgres, its files go elsewhere",
		"account", acct.name, "cluster", there.dir)
	return there, nil
}

// comeBack is how long a cluster is kept whose data directory has gone together with the folder around it: that may be a volume that is not
// mounted at the moment.
const comeBack = 7 * 24 * time.Hour

// mayComeBack tells whether a data directory that is not there may only be out of sight. What was below the folder for temporary files is gone.
func mayComeBack(dataDir, folder, temporary string) bool {
	if strings.HasPrefix(dataDir, filepath.Clean(temporary)+string(filepath.Separator)) {
		return false
	}
	_, err := os.Stat(filepath.Dir(dataDir))
	if !errors.Is(err, os.ErrNotExist) {
		return false
	}
	info, err := os.Stat(filepath.Join(folder, clusterName))
	return err == nil && time.Since(info.ModTime()) < comeBack
}

// sweepClusters removes the clusters below home whose data directory is gone or
// names another one. The home's lock keeps it from seeing one half made.
func sweepClusters(home, temporary string, log *slog.Logger) error {
	entries, err := os.ReadDir(home)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("list the clusters: %w", err)
	}
	lock, err := openLock(home)
	if errors.Is(err, errLocked) {
		return nil
	}
	if err != nil {
		return err
	}
	defer lock.file.Close()

	var failures []error
	for _, entry := range entries {
		c := cluster{folder: filepath.Join(home, entry.Name())}
		c.dir = filepath.Join(c.folder, clusterName)
		if !entry.IsDir() || orphanRuns(c.dir) {
			continue
		}
		owner, err := readLine(filepath.Join(c.folder, ownerName))
		if err == nil && owner != "" {
			var named string
			named, err = readLine(filepath.Join(owner, placementName))
			if named == c.folder || named == "" && mayComeBack(owner, c.folder, temporary) {
				continue
			}
		}
		if err == nil {
			err = c.remove()
		}
		if err != nil {
			failures = append(failures, fmt.Errorf("sweep %s: %w", c.folder, err))
			continue
		}
		log.Info("removed an abandoned database cluster", "cluster", c.folder, "owner", owner)
	}
	return errors.Join(failures...)
}
