package ingest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// source is one file of the mapping as it was found in the folder.
type source struct {
	file   *File
	name   string // as it stands in the folder
	path   string // empty when the file is not there
	size   int64
	report *FileReport
}

func (s *source) missing() bool {
	return s.path == ""
}

// locate finds the mapping's files in a folder, without regard to the case of their names. One source for each
// file of the mapping comes back, also for those that are missing.
func (imp *importer) locate(dir string) ([]*source, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("import: read the folder: %w", err)
	}
	present := map[string]string{}
	var names []string
	for _, entry := range entries {
		if entry.IsDir() {
			continue
		}
		present[strings.ToLower(entry.Name())] = entry.Name()
		names = append(names, entry.Name())
	}
	var sources []*source
	found := 0
	for i := range imp.mapping.Files {
		f := &imp.mapping.Files[i]
		src := &source{file: f, name: f.Name}
		for _, name := range append([]string{f.Name}, f.Aliases...) {
			actual, ok := present[strings.ToLower(name)]
			if !ok || !src.missing() {
				continue
			}
			src.name, src.path = actual, filepath.Join(dir, actual)
			info, err := os.Stat(src.path)
			if err != nil {
				return nil, fmt.Errorf("import: %w", err)
			}
			src.size = info.Size()
		}
		if !src.missing() {
			found++
		}
		sources = append(sources, src)
	}
	for _, src := range sources {
		if src.missing() && (!src.file.Optional || found == 0) {
			return nil, &BrokenFileError{File: src.file.Name, Reason: imp.missingReason(dir, names, found)}
		}
		imp.report.Files = append(imp.report.Files, &FileReport{Name: src.name, Missing: src.missing()})
		src.report = imp.report.Files[len(imp.report.Files)-1]
	}
	return sources, nil
}

// listed is how many names of a folder a message shows.
const listed = 20

func (imp *importer) missingReason(dir string, names []string, found int) string {
	slices.Sort(names)
	there := strings.Join(names, ", ")
	if len(names) > listed {
		there = strings.Join(names[:listed], ", ") + ", …"
	}
	if there == "" {
		there = "no files"
	}
	if found == 0 {
		return fmt.Sprintf("none of the files of the mapping %s is in %s, which has %s", imp.mapping.Name, dir, there)
	}
	return fmt.Sprintf("this required file is not in %s, which has %s", dir, there)
}
