package transport

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

const (
	// maxMessage bounds a message about a document, maxName a name in a path, in bytes: both repeat names as long as they came.
	maxMessage = 400
	maxName    = 100
	// wrongEnum stands behind the value of a variable in the one message of gqlparser that repeats it.
	wrongEnum = " is not a valid "
)

// discreet takes the values of variables, and more than the beginning of names, out of errors about a request.
func discreet(errs gqlerror.List) {
	for _, err := range errs {
		if len(err.Path) > 0 && err.Path[0] == ast.PathName("variable") {
			at := strings.LastIndex(err.Message, wrongEnum)
			if at >= 0 {
				err.Message = "the value" + err.Message[at:]
			}
		}
		err.Message = clip(err.Message, maxMessage)
		for i, step := range err.Path {
			name, named := step.(ast.PathName)
			if named {
				err.Path[i] = ast.PathName(clip(string(name), maxName))
			}
		}
	}
}

// clip shortens a text to so many bytes and a sign that there was more.
func clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
