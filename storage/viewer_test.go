package storage_test

import "github.com/vigie-dev/vigie/domain"

// admin is a viewer who may see everything.
func admin() domain.Viewer {
	return domain.Viewer{Subject: "test", Name: "Ada", Role: domain.RoleAdmin}
}
