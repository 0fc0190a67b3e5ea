// Package auth turns a bearer token into a domain.Viewer: JSON web tokens of OpenID Connect issuers, Vigie's own API keys,
// and the tokens that the demo signs for its personas. It knows no transport but HTTP's Authorization header, and no
// database but through two small interfaces.
//
// Whatever is wrong with a token gives an error with the code UNAUTHENTICATED; a token that cannot be judged now, because
// an issuer or the database cannot be reached, gives UNAVAILABLE or TIMEOUT. No error and no log line holds a token, a
// part of one, or a claim's value.
package auth
