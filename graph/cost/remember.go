package cost

import (
	"encoding/json"
	"strconv"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
)

const (
	// rememberedOperations and rememberedSizes bound the estimates that are kept: of so many operations, for so many sets of sizes each.
	rememberedOperations = 1_000
	rememberedSizes      = 8
)

// memory keeps estimates: most requests ask what was asked before, for pages of the same size. It is safe for concurrent use.
type memory struct {
	mu   sync.Mutex
	kept map[*ast.OperationDefinition]map[string]*Estimate
}

// get is the estimate of an operation with variables of a digest; nil where there is none.
func (m *memory) get(operation *ast.OperationDefinition, digest []byte) *Estimate {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept[operation][string(digest)]
}

// put keeps an estimate while there is room.
func (m *memory) put(operation *ast.OperationDefinition, digest []byte, estimate *Estimate) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil {
		m.kept = map[*ast.OperationDefinition]map[string]*Estimate{}
	}
	sizes := m.kept[operation]
	switch {
	case sizes == nil && len(m.kept) >= rememberedOperations, len(sizes) >= rememberedSizes:
		return
	case sizes == nil:
		sizes = map[string]*Estimate{}
		m.kept[operation] = sizes
	}
	sizes[string(digest)] = estimate
}

// forget drops what is kept of a document.
func (m *memory) forget(document *ast.QueryDocument) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, operation := range document.Operations {
		delete(m.kept, operation)
	}
}

// appendDigest spells what a cost depends on of an operation's variables: whether they are there, and numbers and switches. It is not ok where one
// holds a list or an object, whose lengths count too.
func appendDigest(spelled []byte, operation *ast.OperationDefinition, variables map[string]any) ([]byte, bool) {
	for _, variable := range operation.VariableDefinitions {
		value, set := variables[variable.Variable]
		switch value := value.(type) {
		case nil:
			spelled = append(spelled, "-0"[b2i(set)])
		case string:
			spelled = append(spelled, 's')
		case bool:
			spelled = strconv.AppendBool(spelled, value)
		case int64:
			spelled = strconv.AppendInt(spelled, value, 10)
		case int:
			spelled = strconv.AppendInt(spelled, int64(value), 10)
		case json.Number:
			spelled = append(spelled, value...)
		default:
			return nil, false
		}
		spelled = append(spelled, ' ')
	}
	return spelled, true
}

func b2i(set bool) int {
	if set {
		return 1
	}
	return 0
}
