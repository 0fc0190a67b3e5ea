package execute

import (
	"context"
	"iter"

	"github.com/vektah/gqlparser/v2/ast"
)

// Policy is what a request's viewer may read. It is asked for each field of a query at most once, and never for __typename. Verdicts on arguments in
// which no variable stands are kept for later requests of the same query, by viewers of equal standing.
type Policy interface {
	// Verdict tells how a field of an object type stands for the viewer, with what its arguments ask for.
	Verdict(object string, field *ast.Field, variables map[string]any) Verdict
	// Standing names what the viewer may read: viewers of equal standing get equal verdicts on equal arguments. It must tell apart those who do not.
	Standing() string
	// Personal tells whether an object's personal fields are about a person.
	Personal(object any) bool
	// Note is told of a value that has been read of a field whose verdict says so. lineage are the objects around it, the innermost first.
	Note(ctx context.Context, object, field string, lineage iter.Seq[any])
}

// Verdict tells how a field stands for a viewer.
type Verdict struct {
	// Err, where it is set, takes the value's place. It is shared by requests and must not be changed.
	Err error
	// Mask hides the value of an object that is about a person: it is null, or "(masked)" where the schema promises a text.
	Mask bool
	// Note tells the policy of each value that is not null, of an object that is about a person.
	Note bool
}

// masked is the JSON of what stands in the place of a text that the schema promises.
const masked = `"(masked)"`
