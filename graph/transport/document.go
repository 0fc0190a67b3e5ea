package transport

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/vigie-dev/vigie/domain"
)

// DocumentMode says how much trusted documents count.
type DocumentMode string

// The modes, from the laxest to the strictest. In all but DocumentsOff a documentId is answered.
const (
	// DocumentsOff ignores the manifest.
	DocumentsOff DocumentMode = "off"
	// DocumentsLog also runs documents that are not in the manifest and logs their hashes: what DocumentsRequire would refuse.
	DocumentsLog DocumentMode = "log"
	// DocumentsPrefer also runs documents that are not in the manifest; Trusted tells them apart, for limits to be stricter.
	DocumentsPrefer DocumentMode = "prefer"
	// DocumentsRequire refuses documents that are not in the manifest, and with them automatic persisted queries.
	DocumentsRequire DocumentMode = "require"
)

const (
	// maxHashedBytes bounds a document that is kept by its hash, so that the cache's entries bound its memory too.
	maxHashedBytes = 32 << 10
	sha256Prefix   = "sha256:"
)

// Manifest has the documents that were reviewed before they were shipped. It does not change.
type Manifest struct {
	byID map[string]string
	// hashes are those of all documents, so that a document sent as text is known too.
	hashes map[string]bool
}

// ReadManifest reads a JSON object of documents by id. An id that is a SHA-256, alone or behind "sha256:", has to be that
// of its document.
func ReadManifest(from io.Reader) (*Manifest, error) {
	decoder := json.NewDecoder(from)
	m := &Manifest{hashes: map[string]bool{}}
	err := decoder.Decode(&m.byID)
	if err != nil {
		return nil, fmt.Errorf("reading the manifest of trusted documents: %w", err)
	}
	_, err = decoder.Token()
	if !errors.Is(err, io.EOF) {
		return nil, errors.New("the manifest of trusted documents must be one JSON object")
	}
	if len(m.byID) == 0 {
		return nil, errors.New("the manifest of trusted documents is empty")
	}
	for id, document := range m.byID {
		hash := hashOf(document)
		claimed, prefixed := strings.CutPrefix(id, sha256Prefix)
		switch {
		case id == "" || document == "":
			return nil, fmt.Errorf("the manifest of trusted documents has an empty entry, %q", id)
		case (prefixed || isHash(claimed)) && claimed != hash:
			return nil, fmt.Errorf("the trusted document %q has another SHA-256, %s", id, hash)
		}
		m.hashes[hash] = true
	}
	return m, nil
}

// Check reports the documents that a schema does not accept.
func (m *Manifest) Check(schema *ast.Schema) error {
	var faults []error
	for _, id := range slices.Sorted(maps.Keys(m.byID)) {
		_, err := gqlparser.LoadQueryWithRules(schema, m.byID[id], rules.NewDefaultRules())
		if err != nil {
			faults = append(faults, fmt.Errorf("the trusted document %q: %w", id, err))
		}
	}
	return errors.Join(faults...)
}

// Len is the number of documents.
func (m *Manifest) Len() int { return len(m.byID) }

// DocumentOptions is what Documents are made of.
type DocumentOptions struct {
	// Mode is DocumentsOff when empty.
	Mode DocumentMode
	// Manifest is needed in every mode but DocumentsOff.
	Manifest *Manifest
	// Hashed is how many documents that clients sent with their hash are kept (automatic persisted queries); zero
	// turns these off.
	Hashed int
	// Log takes the hashes in DocumentsLog; slog.Default() when nil.
	Log *slog.Logger
}

// Documents finds the documents that requests name. It is safe for concurrent use.
type Documents struct {
	mode     DocumentMode
	manifest *Manifest
	hashed   *lru.Cache[string, string]
	log      *slog.Logger
}

// NewDocuments makes Documents; an unknown mode and one without its manifest are errors.
func NewDocuments(o DocumentOptions) (*Documents, error) {
	d := &Documents{mode: o.Mode, manifest: o.Manifest, log: o.Log}
	if d.log == nil {
		d.log = slog.Default()
	}
	switch d.mode {
	case "", DocumentsOff:
		d.mode, d.manifest = DocumentsOff, &Manifest{}
	case DocumentsLog, DocumentsPrefer, DocumentsRequire:
		if d.manifest == nil {
			return nil, fmt.Errorf("the mode %q needs a manifest of trusted documents", d.mode)
		}
	default:
		return nil, fmt.Errorf("there is no mode %q for trusted documents: off, log, prefer, require", d.mode)
	}
	if o.Hashed > 0 && d.mode != DocumentsRequire {
		cache, err := lru.New[string, string](o.Hashed)
		if err != nil {
			return nil, fmt.Errorf("keeping documents by hash: %w", err)
		}
		d.hashed = cache
	}
	return d, nil
}

// document is what a request asks to run.
type document struct {
	text    string
	trusted bool
	// keep is the hash to keep the text by once it proved valid; garbage must not push out what others use.
	keep string
}

// documentError is why a request's document cannot be had.
type documentError struct {
	code    domain.Code
	message string
}

// find resolves the document of a request.
func (d *Documents) find(ctx context.Context, req *request) (document, *documentError) {
	if req.documentID != "" && d.mode != DocumentsOff {
		return d.byID(req)
	}
	text, keep := req.query, ""
	if hash := req.hash(); hash != nil {
		var failure *documentError
		text, keep, failure = d.byHash(req, hash)
		if failure != nil {
			return document{}, failure
		}
	}
	if text == "" {
		return document{}, &documentError{CodeBadRequest, "documentId is not in use here: send the document as query"}
	}
	return d.judge(ctx, req, document{text: text, keep: keep})
}

func (d *Documents) byID(req *request) (document, *documentError) {
	if req.query != "" {
		return document{}, &documentError{CodeBadRequest, "send either query or documentId"}
	}
	text, found := d.manifest.byID[req.documentID]
	if !found {
		return document{}, &documentError{CodeDocumentNotFound, "there is no trusted document of this id"}
	}
	return document{text: text, trusted: true}, nil
}

// byHash is the protocol of automatic persisted queries: the hash alone first, and with the text when it is not known.
func (d *Documents) byHash(req *request, extension map[string]any) (text, keep string, failure *documentError) {
	if d.hashed == nil {
		if req.query == "" {
			return "", "", &documentError{CodeHashNotSupported, "PersistedQueryNotSupported"}
		}
		return req.query, "", nil
	}
	hash, _ := extension["sha256Hash"].(string)
	version, _ := extension["version"].(json.Number)
	if version != "1" || !isHash(hash) {
		return "", "", &documentError{CodeBadRequest, "extensions.persistedQuery must have version 1 and a sha256Hash in lower-case hexadecimal"}
	}
	if req.query == "" {
		known, found := d.hashed.Get(hash)
		if !found {
			// Clients look for these very words.
			return "", "", &documentError{CodeHashNotFound, "PersistedQueryNotFound"}
		}
		return known, "", nil
	}
	if hashOf(req.query) != hash {
		return "", "", &documentError{CodeBadRequest, "extensions.persistedQuery.sha256Hash is not the hash of query"}
	}
	if len(req.query) > maxHashedBytes {
		return req.query, "", nil
	}
	return req.query, hash, nil
}

// judge says what becomes of a document that came as text.
func (d *Documents) judge(ctx context.Context, req *request, doc document) (document, *documentError) {
	if d.mode == DocumentsOff {
		return doc, nil
	}
	hash := hashOf(doc.text)
	doc.trusted = d.manifest.hashes[hash]
	switch {
	case doc.trusted:
	case d.mode == DocumentsRequire:
		return document{}, &documentError{CodeDocumentNotTrusted, "only trusted documents are run here: send a documentId"}
	case d.mode == DocumentsLog:
		// The text may hold personal data in its literals, and the name is the client's to choose.
		d.log.InfoContext(ctx, "a document is not in the manifest", "sha256", hash, "bytes", len(doc.text), "named", req.operationName != "")
	}
	return doc, nil
}

// keepValid keeps a document that proved valid under its hash.
func (d *Documents) keepValid(doc document) {
	if doc.keep != "" {
		d.hashed.Add(doc.keep, doc.text)
	}
}

type trustedKey struct{}

// Trusted reports whether the operation of ctx comes from the manifest of trusted documents.
func Trusted(ctx context.Context) bool {
	trusted, _ := ctx.Value(trustedKey{}).(bool)
	return trusted
}

func hashOf(document string) string {
	sum := sha256.Sum256([]byte(document))
	return hex.EncodeToString(sum[:])
}

func isHash(text string) bool {
	if len(text) != hex.EncodedLen(sha256.Size) || strings.ToLower(text) != text {
		return false
	}
	_, err := hex.DecodeString(text)
	return err == nil
}
