package arch

import (
	"fmt"
	"strconv"
	"strings"
)

// Layer says what the packages of one folder, and of the folders below it, may import of the
// module. The layer with the longest matching folder counts. A package may always import its own
// layer.
type Layer struct {
	Dir string
	// Rank orders the layers: tests may import what ranks no higher than their own layer.
	Rank int
	// May lists folders, each with what is below; "..." is all of the module.
	May []string
	// Why is what a reader learns who broke the rule.
	Why string
}

// Reserved keeps an import to a few folders.
type Reserved struct {
	// Import is an import path with what is below it; without a dot in its first element it is a
	// folder of the module, or a package of the standard library.
	Import string
	// For lists the folders that may have it, each with what is below.
	For []string
	// Tests says that tests everywhere may have it, too.
	Tests bool
	// Why is what a reader learns who broke the rule.
	Why string
}

// Imports returns the imports that break the rules, one line each. A folder without a layer is a
// finding as well: a new folder has to be given its place.
func Imports(t *Tree, module string, layers []Layer, reserved []Reserved) []string {
	var found []string
	for _, file := range t.Go {
		from := layerOf(file.Dir, layers)
		if from == nil {
			found = append(found, file.Path+": no layer is given for folder "+file.Dir)
			continue
		}
		for _, spec := range file.AST.Imports {
			// The parser has checked the literal.
			imported, _ := strconv.Unquote(spec.Path.Value)
			why := refusal(file, from, strings.TrimPrefix(imported, module+"/"), strings.HasPrefix(imported, module+"/"), layers)
			if why == "" {
				why = reservation(file, strings.TrimPrefix(imported, module+"/"), reserved)
			}
			if why != "" {
				found = append(found, fmt.Sprintf("%s:%d: imports %s: %s", file.Path, t.line(spec), imported, why))
			}
		}
	}
	return found
}

func layerOf(dir string, layers []Layer) *Layer {
	var best *Layer
	for i := range layers {
		if within(dir, layers[i].Dir) && (best == nil || len(layers[i].Dir) > len(best.Dir)) {
			best = &layers[i]
		}
	}
	return best
}

// refusal says why a file's layer may not import a folder of the module, or nothing when it may.
func refusal(file *File, from *Layer, target string, ours bool, layers []Layer) string {
	if !ours || within(target, from.Dir) || withinAny(target, from.May) {
		return ""
	}
	to := layerOf(target, layers)
	if file.Test && to != nil && to.Rank <= from.Rank {
		return ""
	}
	return from.Why
}

func reservation(file *File, imported string, reserved []Reserved) string {
	for _, rule := range reserved {
		if !within(imported, rule.Import) || withinAny(file.Dir, rule.For) || within(file.Dir, rule.Import) {
			continue
		}
		if !file.Test || !rule.Tests {
			return rule.Why
		}
	}
	return ""
}
