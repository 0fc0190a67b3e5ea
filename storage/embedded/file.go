package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// canonical resolves links, so that one directory has one name.
func canonical(dir string) (string, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("resolve the data directory: %w", err)
	}
	resolved, err := filepath.EvalSymlinks(absolute)
	if err != nil {
		return "", fmt.Errorf("resolve the data directory: %w", err)
	}
	return resolved, nil
}

// readLine returns a small file's text, trimmed, and "" for a missing file.
func readLine(path string) (string, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read a file of the embedded Postgres: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// writeFile replaces the file as a whole: a reader sees the old text or the new.
func writeFile(path, text string, mode os.FileMode) error {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write a file of the embedded Postgres: %w", err)
	}
	_, err = file.WriteString(text)
	if err == nil {
		err = file.Chmod(mode)
	}
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write a file of the embedded Postgres: %w", err), os.Remove(file.Name()))
	}
	return nil
}
