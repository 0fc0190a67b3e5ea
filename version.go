package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/vigie-dev/vigie/storage"
)

// versionCommand prints what this program was built from.
type versionCommand struct{}

// Help is the text of --help.
func (versionCommand) Help() string {
	return `Prints the version, the commit, the Go version and the newest database schema that this program knows.

Example:
  vigie version`
}

// Run is called by the parser.
func (versionCommand) Run(a *app) error {
	info, _ := debug.ReadBuildInfo()
	_, err := fmt.Fprintf(a.env.stdout, "vigie %s (%s, %s/%s, schema %d)\n",
		buildVersion(info), runtime.Version(), runtime.GOOS, runtime.GOARCH, storage.LatestMigration())
	return err
}

// buildVersion names the module's version, or the commit where the program was built in a work tree.
func buildVersion(info *debug.BuildInfo) string {
	if info == nil {
		return "unknown"
	}
	version := info.Main.Version
	if version != "" && version != "(devel)" {
		return version
	}
	revision, modified := "", ""
	for _, setting := range info.Settings {
		switch {
		case setting.Key == "vcs.revision" && len(setting.Value) >= 12:
			revision = setting.Value[:12]
		case setting.Key == "vcs.modified" && setting.Value == "true":
			modified = "+changes"
		}
	}
	if revision == "" {
		return "development"
	}
	return revision + modified
}
