package storage

// Migrations of a test's own, for what the real ones cannot show.
var (
	MigrateFiles      = migrate
	PendingFiles      = pending
	MigrationVersions = migrationVersions
	Migrations        = migrations
)
