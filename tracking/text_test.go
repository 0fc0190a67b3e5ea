package tracking_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/tracking"
)

func TestText(t *testing.T) {
	var read struct {
		A, B, C, D, E tracking.Text
		L, M, N       tracking.List[tracking.Text]
	}
	err := json.Unmarshal([]byte(`{"A": "021", "B": 7777777770, "C": null, "D": true, "E": " 14399 ", "L": [1, "b"], "M": "alone", "N": null}`), &read)
	require.NoError(t, err)
	assert.Equal(t, []tracking.Text{"021", "7777777770", "", "true", "14399"}, []tracking.Text{read.A, read.B, read.C, read.D, read.E})
	assert.Equal(t, tracking.List[tracking.Text]{"1", "b"}, read.L)
	require.NoError(t, json.Unmarshal([]byte(`{"A": "a\u0000b\u0085 \u00e9\n"}`), &read))
	assert.Equal(t, tracking.Text("a b  \u00e9"), read.A)
	assert.Equal(t, tracking.List[tracking.Text]{"alone"}, read.M)
	assert.Nil(t, read.N)
	for _, wrong := range []string{`{"A": {"B": 1}}`, `{"A": [1]}`, `{"L": {}}`, `{"L": [{}]}`} {
		read.A, read.L = "before", nil
		require.NoError(t, json.Unmarshal([]byte(wrong), &read), wrong)
		assert.Contains(t, []tracking.Text{"before", ""}, read.A)
		assert.Empty(t, strings.Join(words(read.L), ""))
	}
}

func words(list []tracking.Text) []string {
	var plain []string
	for _, text := range list {
		plain = append(plain, string(text))
	}
	return plain
}

// A value of another kind costs itself and nothing beside it.
func TestDecodeJSONOfAnotherKind(t *testing.T) {
	type item struct{ Name tracking.Text }
	type body struct {
		Before, After tracking.Text
		Inner         struct{ A, B tracking.Text }
		Items         tracking.List[item]
	}
	for text, want := range map[string]body{
		`{"Before": 1, "Inner": [], "After": 2}`:            {Before: "1", After: "2"},
		`{"Before": 1, "Inner": "none", "After": 2}`:        {Before: "1", After: "2"},
		`{"Inner": {"A": {}, "B": 3}, "After": 2}`:          {Inner: struct{ A, B tracking.Text }{B: "3"}, After: "2"},
		`{"Items": ["x", {"Name": "y"}, null], "After": 2}`: {Items: []item{{}, {"y"}, {}}, After: "2"},
		`{"Items": "x", "After": 2}`:                        {Items: []item{{}}, After: "2"},
		`{"Items": [{"Name": [1]}], "After": 2}`:            {Items: []item{{}}, After: "2"},
	} {
		var read body
		require.NoError(t, tracking.DecodeJSON([]byte(text), &read), text)
		assert.Equal(t, want, read, text)
	}
	for _, wrong := range []string{`"x"`, `[]`, `[{"Before": 1}]`, `1`, `true`} {
		require.Error(t, tracking.DecodeJSON([]byte(wrong), &body{}), wrong)
	}
}

func TestDecodeJSON(t *testing.T) {
	var read struct{ A int }
	require.NoError(t, tracking.DecodeJSON([]byte(`{"A": "secret"}`), &read))
	assert.Zero(t, read.A)
	require.NoError(t, tracking.DecodeJSON([]byte(` {"A": 1, "unknown": {}} `+"\n"), &read))
	assert.Equal(t, 1, read.A)
	for _, wrong := range []string{"", `{"A": secret}`, `{"A": 1} x`, `{"A": 1}{"A": 2}`, "<html>", `{"A": 1`} {
		err := tracking.DecodeJSON([]byte(wrong), &read)
		require.Error(t, err, wrong)
		assert.NotContains(t, err.Error(), "secret")
	}
}

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		"  Livr\u00e9 \t par  le\nfacteur ":           "Livr\u00e9 par le facteur",
		"Ready <b>for</b> collection&nbsp;&amp; more": "Ready for collection & more",
		"a < b and 3 > 2":                             "a < b and 3 > 2",
		"K\xf8benhavn \x00\u0085":                     "Kbenhavn",
		"DELIVERED ":                                  "DELIVERED",
		"":                                            "",
	} {
		assert.Equal(t, want, tracking.Plain(text), "%q", text)
	}
	long := tracking.Plain(strings.Repeat("\u00e9", 400))
	assert.Len(t, long, 500)
	assert.True(t, utf8.ValidString(tracking.Plain("x"+strings.Repeat("\u00e9", 400))))
}

func FuzzPlain(f *testing.F) {
	f.Add("<b>x</b>&amp;lt; \x80")
	f.Fuzz(func(t *testing.T, text string) {
		plain := tracking.Plain(text)
		if !utf8.ValidString(plain) || len(plain) > 500 || strings.TrimSpace(plain) != plain {
			t.Fatalf("%q gives %q", text, plain)
		}
	})
}

func TestPlaces(t *testing.T) {
	assert.Equal(t, "Leipzig, DE", tracking.PlaceText(" Leipzig ", "", "DE"))
	assert.Equal(t, "Chicago, IL, US", tracking.PlaceText("Chicago, IL, US", "us"))
	assert.Equal(t, "PARIS", tracking.PlaceText("PARIS", "Paris"))
	assert.Equal(t, "", tracking.PlaceText("", " , "))
	assert.Equal(t, "DE", tracking.Country(" de"))
	for _, none := range []string{"", "D", "DEU", "D1", "\u00c4\u00d6"} {
		assert.Empty(t, tracking.Country(none), none)
	}
	assert.Equal(t, "https://pod.example/1?a=b", tracking.Link(" https://pod.example/1?a=b"))
	for _, none := range []string{"", "string", "javascript:alert(1)", "ftp://pod.example", "https://", "https://user:secret@pod.example", "://"} {
		assert.Empty(t, tracking.Link(none), none)
	}
}

func TestKilograms(t *testing.T) {
	for in, want := range map[[2]string]string{
		{"31.50", "KG"}: "31.5", {" 2 ", "kgm"}: "2", {"4.4092", "LBS"}: "2", {"16", "oz"}: "0.454", {"250", "g"}: "0.25", {"10", "LB"}: "4.536",
	} {
		got := tracking.Kilograms(in[0], in[1])
		require.NotNil(t, got, "%q", in)
		assert.Equal(t, want, got.String(), "%q", in)
	}
	for _, none := range [][2]string{{"0", "KG"}, {"-1", "KG"}, {"", "KG"}, {"heavy", "KG"}, {"1", "stone"}, {"1", ""}} {
		assert.Nil(t, tracking.Kilograms(none[0], none[1]), "%q", none)
	}
}

func TestVerifyHMAC(t *testing.T) {
	// RFC 4231, test case 2.
	body := []byte("what do ya want for nothing?")
	const hexadecimal = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
	const base64 = "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM="
	keys := func(secrets ...string) [][]byte {
		var keys [][]byte
		for _, secret := range secrets {
			keys = append(keys, []byte(secret))
		}
		return keys
	}
	verify := func(secrets [][]byte, body []byte, signature string, encoding tracking.SignatureEncoding) error {
		return tracking.VerifyHMAC("x", secrets, body, signature, "sha256=", encoding)
	}
	require.NoError(t, verify(keys("Jefe"), body, "sha256="+hexadecimal, tracking.SignatureHex))
	require.NoError(t, verify(keys("Jefe"), body, "sha256="+strings.ToUpper(hexadecimal), tracking.SignatureHex))
	require.NoError(t, verify(keys("Jefe"), body, "sha256="+base64, tracking.SignatureBase64))
	require.NoError(t, verify(keys("new", "Jefe"), body, "sha256="+hexadecimal, tracking.SignatureHex))
	for _, err := range []error{
		verify(keys("other"), body, "sha256="+hexadecimal, tracking.SignatureHex),
		verify(nil, body, "sha256="+hexadecimal, tracking.SignatureHex),
		verify(keys("Jefe"), append(body, '\n'), "sha256="+hexadecimal, tracking.SignatureHex),
		verify(keys("Jefe"), body, hexadecimal, tracking.SignatureHex),
		verify(keys("Jefe"), body, "sha256="+hexadecimal[:62], tracking.SignatureHex),
		verify(keys("Jefe"), body, "sha256=", tracking.SignatureHex),
		verify(keys("Jefe"), body, "", tracking.SignatureHex),
		verify(keys("Jefe"), body, "sha256="+hexadecimal, tracking.SignatureBase64),
		// What an empty secret would sign is no signature.
		verify(keys(""), nil, "sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad", tracking.SignatureHex),
	} {
		var failure *tracking.Error
		require.ErrorAs(t, err, &failure)
		assert.Equal(t, tracking.ErrUnauthenticated, failure.Code)
	}
}
