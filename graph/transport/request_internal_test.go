package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// decodePlainly is decodeRequest by encoding/json alone: what it takes, what it refuses and in which words.
func decodePlainly(body []byte) (*request, *refusal) {
	if !utf8.Valid(body) {
		return nil, badRequest("the body is not UTF-8")
	}
	var fields map[string]json.RawMessage
	err := json.Unmarshal(body, &fields)
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrongType) || err == nil && fields == nil:
		return nil, badRequest("the body must be one JSON object; batches are not accepted")
	case err != nil:
		return nil, badRequest("the body is not one JSON object")
	}
	var req request
	for _, field := range req.texts() {
		if len(fields[field.name]) > 0 && json.Unmarshal(fields[field.name], field.target) != nil {
			return nil, badRequest("%s must be a string", field.name)
		}
	}
	for _, field := range req.objects() {
		if len(fields[field.name]) > 0 && decodePlainObject(fields[field.name], field.target) != nil {
			return nil, badRequest("%s must be an object", field.name)
		}
	}
	return req.complete()
}

func decodePlainObject(text []byte, target *map[string]any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	err := decoder.Decode(target)
	if err != nil {
		return err
	}
	_, err = decoder.Token()
	if !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}

// bodies are requests of all kinds, and what is none.
func bodies() []string {
	return []string{
		`{"query":"{ a }"}`, ` { "query" : "{ a }" , "variables" : { } } ` + "\r\n\t", `{"query":"{\n  a(b: \"\\\/\b\f\r\t\")\n}"}`,
		`{"query":"\u00e9\ud83d\ude9a\ud800 \udc00\ud800\n\\u0041"}`, `{"qu\u0065ry":"{ a }"}`, `{"Query":"{ a }","query":"{ b }","QUERY":1}`,
		`{"query":1,"query":"{ a }"}`, `{"query":"{ a }","query":null}`, `{"query":"{ a }","query":[]}`, `{"query":"{ a }","\u0071uery":"{ b }"}`,
		`{"variables":[],"query":1}`, `{"extensions":1,"variables":"","operationName":{},"documentId":true,"query":"{ a }"}`,
		`{"query":"{ a }","variables":{"n":-1.50e+10,"big":12345678901234567890,"t":true,"f":false,"z":null,"l":[1,[],{}, [ { } ]],"s":"x\n","o":{"":{}}}}`,
		`{"query":"{ a }","variables":{"a":{"b":1},"a":{"c":2},"a":null,"\u0061":3}}`, `{"query":"{ a }","variables":{"a":1},"variables":null}`,
		`{"query":"{ a }","other":{"query":"{ b }","x":["]","}","\"",{"y":[1,2]}]},"last":0}`, `{"query":"{ a }","variables":null,"extensions":null,"operationName":null}`,
		`{"documentId":"x"}`, `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}`, `{"extensions":{"persistedQuery":[]}}`,
		`{"query":"{ a }",}`, `{"query":"{ a }"`, `{"query":"{ a }"} {}`, `{"query":"{ a }"}]`, `{"query":"{ a }" "variables":{}}`, `{"query":"a` + "\n" + `b"}`,
		`{"query":"\x"}`, `{"query":"\u12"}`, `{"query":01}`, `{"query":"{ a }","variables":{"a":1.}}`, `{query:"{ a }"}`, `{'query':'{ a }'}`,
		``, ` `, `null`, ` null `, `true`, `1`, `"x"`, `[]`, `[{"query":"{ a }"}]`, `{}`, `{"":""}`, "\xff", "{\"query\":\"\xc3\x28\"}", "\xef\xbb\xbf{}", "{\"query\":\"\xed\xa0\x80\"}",
		`{"query":"{ a }","variables":` + strings.Repeat(`{"a":`, 50) + `1` + strings.Repeat(`}`, 51), strings.Repeat("[", 10_001), `{"a":` + strings.Repeat("[", 9_999) + strings.Repeat("]", 9_999) + `,"query":"{ a }"}`,
		`{"query":"{ a }","variables":{"a":` + strings.Repeat("[", 9_998) + strings.Repeat("]", 9_998) + `}}`, `{"query":"{ a }","variables":{"a":` + strings.Repeat("[", 9_999) + strings.Repeat("]", 9_999) + `}}`,
	}
}

func requireAsPlain(t *testing.T, body []byte) {
	t.Helper()
	want, wantRefused := decodePlainly(body)
	mine := bytes.Clone(body)
	got, refused := decodeRequest(mine)
	for i := range mine {
		mine[i] = 'x' // As the next request in the same memory does.
	}
	require.Equal(t, wantRefused, refused)
	require.Equal(t, want, got)
}

func TestRequestsAreReadAsByEncodingJSON(t *testing.T) {
	for _, body := range bodies() {
		t.Run(clip(body, 60), func(t *testing.T) { requireAsPlain(t, []byte(body)) })
	}
}

// FuzzRequest reads anything as a request.
func FuzzRequest(f *testing.F) {
	for _, body := range bodies() {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) { requireAsPlain(t, body) })
}

func TestObjectsOfAQueryString(t *testing.T) {
	for _, text := range []string{"", " ", "null", " null ", "{}", ` {"a":[1,{"b":"\u0041"}]} `, "{}{}", "{} x", "[]", "1", `"x"`, "{", "\xff", "{\"a\":\"\xff\"}"} {
		var want map[string]any
		var err error
		if text != "" {
			err = decodePlainObject([]byte(text), &want)
		}
		got, ok := decodeObject(text)
		assert.Equal(t, utf8.ValidString(text) && err == nil, ok, text)
		if ok {
			assert.Equal(t, want, got, text)
		}
	}
}

// BenchmarkDecodeRequest reads what a client sends for a list.
func BenchmarkDecodeRequest(b *testing.B) {
	query := "query Orders($number: String!, $first: Int) {\n  customer(number: $number) {\n    id\n    name\n    orders(first: $first) {\n" +
		"      edges { node { id number status placedAt total { amount currency } } }\n      pageInfo { hasNextPage endCursor }\n    }\n  }\n}\n"
	body, err := json.Marshal(map[string]any{"query": query, "operationName": "Orders", "variables": map[string]any{"number": "C-100001", "first": 20}})
	require.NoError(b, err)
	for name, decode := range map[string]func([]byte) (*request, *refusal){"own": decodeRequest, "encoding/json": decodePlainly} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				_, refused := decode(body)
				if refused != nil {
					b.Fatal(refused.message)
				}
			}
		})
	}
}
