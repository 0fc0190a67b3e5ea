package transport_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/transport"
	"github.com/vigie-dev/vigie/graph/transport/transporttest"
)

func TestOperationsOfTrustedDocuments(t *testing.T) {
	m, err := transport.ReadManifest(strings.NewReader(`{"1": "query B { hello } query A { hello }", "2": "{ hello }", "3": "not GraphQL", "4": "query B { hello }"}`))
	require.NoError(t, err)
	documents, err := transport.NewDocuments(transport.DocumentOptions{Mode: transport.DocumentsLog, Manifest: m})
	require.NoError(t, err)
	assert.Equal(t, []string{"A", "B"}, documents.Operations())

	var none *transport.Documents
	assert.Empty(t, none.Operations())
	off, err := transport.NewDocuments(transport.DocumentOptions{})
	require.NoError(t, err)
	assert.Empty(t, off.Operations())
}

func TestRefusalsAreTold(t *testing.T) {
	var told []domain.Code
	documents, err := transport.NewDocuments(transport.DocumentOptions{Mode: transport.DocumentsRequire, Manifest: manifest(t)})
	require.NoError(t, err)
	h := service(t, transporttest.Hooks{}, transport.Options{
		Documents: documents, Log: slog.New(slog.DiscardHandler),
		Refused: func(_ context.Context, code domain.Code) { told = append(told, code) },
	})
	for _, request := range []*http.Request{post(`nonsense`, ""), post(document("{ hello __typename }"), ""), post(`{"documentId":"nowhere"}`, ""), post(`{"documentId":"greet"}`, "")} {
		do(h, request)
	}
	assert.Equal(t, []domain.Code{transport.CodeBadRequest, transport.CodeDocumentNotTrusted, transport.CodeDocumentNotFound}, told)
}
