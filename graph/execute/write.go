package execute

import (
	"context"
	"errors"
	"iter"

	"github.com/99designs/gqlgen/graphql"
)

// step is a step on the way from the root: a field of an object, and the place in its list where it has one.
type step struct {
	object any
	field  *field
	place  int
	inList bool
}

// write appends the JSON of an object. It is false where a null has to take the object's place, then b is as it was.
func (r *run) write(b []byte, s *selection, index int) ([]byte, bool) {
	begin, valid := len(b), true
	object := r.objects[s.slot][index]
	b = append(b, '{')
	for i, f := range s.fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, f.label...)
		if f.typename != nil {
			b = append(b, f.typename...)
			continue
		}
		r.trail = append(r.trail, step{object: object, field: f})
		before := len(b)
		var ok bool
		b, ok = r.writeField(b, s, i, index)
		switch {
		case ok && r.verdicts[s.slot][i].Note && !isNull(b[before:]) && r.policy.Personal(object):
			r.policy.Note(r.roots[f.root].ctx, s.object.Name, f.Name, r.lineage)
		case !ok && f.NonNull:
			valid = false
		case !ok:
			b = append(b[:before], null...)
		}
		r.trail = r.trail[:len(r.trail)-1]
	}
	if !valid {
		return b[:begin], false
	}
	return append(b, '}'), true
}

const null = "null"

func isNull(b []byte) bool { return string(b) == null }

// writeField appends a field's value. It is false where there is none, and an error tells why if the schema promises one.
func (r *run) writeField(b []byte, s *selection, i, index int) ([]byte, bool) {
	f, verdict, object := s.fields[i], r.verdict(s, i), r.objects[s.slot][index]
	switch {
	case verdict.Err != nil:
		r.refuse(f, verdict.Err)
		return b, false
	case verdict.Mask && r.policy.Personal(object):
		if f.NonNull {
			return append(b, masked...), true
		}
		return append(b, null...), true
	case f.Append != nil:
		return r.writeLeaf(b, f, f.Append, object)
	}
	result := &r.results[f.slot][index]
	switch {
	case result.err != nil:
		r.fail(result.err)
		return b, false
	case f.Spread == nil:
		return r.writeLeaf(b, f, f.AppendValue, result.value)
	case result.list:
		return r.writeList(b, f, r.children[f.slot][result.begin:result.end])
	default:
		return r.writeChild(b, r.children[f.slot][result.begin], f.NonNull)
	}
}

// appender appends the JSON of a scalar, an enum, or a list of such: of a value, or of the object whose field it is.
type appender func(b []byte, of any) ([]byte, error)

// writeLeaf appends what an appender makes of something.
func (r *run) writeLeaf(b []byte, f *field, appendTo appender, of any) ([]byte, bool) {
	before := len(b)
	b, err := r.guard(b, appendTo, of)
	switch {
	case err != nil:
		r.fail(err)
		return b[:before], false
	case f.NonNull && isNull(b[before:]):
		r.missing()
		return b[:before], false
	default:
		return b, true
	}
}

// guard makes a panic an error.
func (r *run) guard(b []byte, appendTo appender, of any) (grown []byte, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			grown, err = b, r.operation.RecoverFunc(r.roots[0].ctx, panicked)
		}
	}()
	return appendTo(b, of)
}

// writeList appends a list of objects. A null in a list without nulls takes the whole list with it; its other elements are walked all the
// same, for the errors that they have.
func (r *run) writeList(b []byte, f *field, children []child) ([]byte, bool) {
	begin, valid := len(b), true
	at := len(r.trail) - 1
	r.trail[at].inList = true
	b = append(b, '[')
	for i, c := range children {
		if i > 0 {
			b = append(b, ',')
		}
		r.trail[at].place = i
		var ok bool
		b, ok = r.writeChild(b, c, f.NonNullElements)
		if !ok && f.NonNullElements {
			valid = false
		} else if !ok {
			b = append(b, null...)
		}
	}
	r.trail[at].inList = false
	if !valid {
		return b[:begin], false
	}
	return append(b, ']'), true
}

// writeChild appends an object.
func (r *run) writeChild(b []byte, c child, nonNull bool) ([]byte, bool) {
	if c.selection == nil {
		if nonNull {
			r.missing()
		}
		return b, false
	}
	return r.write(b, c.selection, int(c.index))
}

// fail adds an error to the answer, at the place that is being written.
func (r *run) fail(err error) {
	var arguments argumentError
	if errors.As(err, &arguments) {
		r.misread(r.trail[len(r.trail)-1].field)
		return
	}
	ctx := r.here()
	r.operation.Error(ctx, graphql.AddFieldLocationToError(ctx, err))
}

// refuse adds the error of a field that the viewer may not read. That its arguments cannot be read comes first.
func (r *run) refuse(f *field, err error) {
	if !r.misread(f) {
		r.fail(err)
	}
}

// misread adds the error of a field whose arguments cannot be read, with the whole path, and tells whether there is one.
func (r *run) misread(f *field) bool {
	if f.Arguments == nil {
		return false
	}
	ctx := r.here()
	_, err := f.Arguments(ctx, r.operation, f.collected.ArgumentMap(r.operation.Variables))
	if err != nil {
		r.operation.Error(ctx, err)
	}
	return err != nil
}

// missing adds the error that a value is missing which the schema promises.
func (r *run) missing() { graphql.AddInvalidNullError(r.here(), "") }

// here is a context that knows the place that is being written, as gqlgen tells it.
func (r *run) here() context.Context {
	ctx := r.roots[r.trail[0].field.root].ctx
	for i := range r.trail {
		s := &r.trail[i]
		ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{
			Object: s.field.object.Name, Field: s.field.collected, IsResolver: s.field.Resolve != nil,
		})
		if s.inList {
			ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Index: &s.place})
		}
	}
	return ctx
}

// lineage are the objects around the place that is being written, the innermost first.
func (r *run) lineage(yield func(any) bool) {
	for i := len(r.trail) - 1; i > 0; i-- {
		if !yield(r.trail[i].object) {
			return
		}
	}
}

var _ iter.Seq[any] = (*run)(nil).lineage
