package embedded

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

const (
	logName = "postgres.log"
	// logLimit is the size in bytes beyond which a start sets the log aside.
	logLimit = 8 << 20
	// tailLimit is how many bytes of the log an error may quote from.
	tailLimit = 16 << 10
)

// serverArgs is the command line of Postgres. Settings given there leave the
// cluster's own configuration files as initdb wrote them.
func serverArgs(cfg Config, clusterDir string, port int) []string {
	settings := map[string]string{
		"listen_addresses":        "127.0.0.1",
		"port":                    strconv.Itoa(port),
		"unix_socket_directories": "",
		"timezone":                "UTC",
		"log_timezone":            "UTC",
		"jit":                     "off",
		"synchronous_commit":      "off",
		"work_mem":                "16MB",
		"log_checkpoints":         "off",
		"log_line_prefix":         "%m [%p] ",
		// Rows and arguments are customers' data, which no log may hold.
		"log_error_verbosity":     "terse",
		"log_min_error_statement": "panic",
	}
	if cfg.Ephemeral {
		maps.Copy(settings, map[string]string{
			"shared_buffers":     "64MB",
			"fsync":              "off",
			"full_page_writes":   "off",
			"wal_level":          "minimal",
			"max_wal_senders":    "0",
			"checkpoint_timeout": "1h",
			"max_connections":    "200",
			// A plan must not depend on whether the collector came by.
			"autovacuum": "off",
		})
	} else {
		maps.Copy(settings, map[string]string{
			"shared_buffers":       "256MB",
			"max_wal_size":         "4GB",
			"wal_level":            "replica",
			"checkpoint_timeout":   "15min",
			"random_page_cost":     "1.1",
			"maintenance_work_mem": "128MB",
			"effective_cache_size": "1GB",
		})
	}
	maps.Copy(settings, cfg.Settings)
	args := []string{"-D", clusterDir}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		args = append(args, "-c", name+"="+settings[name])
	}
	return args
}

// openLog opens the server's log for appending, setting a large one aside.
func openLog(dataDir string) (*os.File, error) {
	path := filepath.Join(dataDir, logName)
	info, err := os.Stat(path)
	if err == nil && info.Size() > logLimit {
		err = os.Rename(path, path+".old")
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("open the log of Postgres: %w", err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log of Postgres: %w", err)
	}
	return file, nil
}

// logTail is the part of a log file written from some moment on.
type logTail struct {
	path string
	from int64
}

func tailFrom(file *os.File) (logTail, error) {
	info, err := file.Stat()
	if err != nil {
		return logTail{}, fmt.Errorf("look at the log of Postgres: %w", err)
	}
	return logTail{path: file.Name(), from: info.Size()}, nil
}

// read returns the last of the tail, or why it cannot: it goes into an error.
func (t logTail) read() string {
	file, err := os.Open(t.path)
	if err != nil {
		return err.Error()
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err.Error()
	}
	from := max(t.from, info.Size()-tailLimit)
	text, err := io.ReadAll(io.NewSectionReader(file, from, tailLimit))
	if err != nil {
		return err.Error()
	}
	return string(text)
}
