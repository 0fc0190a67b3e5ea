package embedded

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
)

// account is whom Postgres runs as when this process is root.
type account struct {
	name     string
	uid, gid int
}

// serverAccount is nil unless this process is root. A cluster stays with the
// account that owns it; a new one gets the machine's postgres, or else nobody.
func serverAccount(c cluster, exists bool) (*account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	if exists {
		info, err := os.Stat(c.dir)
		if err != nil {
			return nil, fmt.Errorf("look at the database cluster: %w", err)
		}
		if uid := ownerID(info); uid != 0 {
			return &account{name: "account " + strconv.Itoa(uid), uid: uid, gid: groupID(info)}, nil
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.Atoi(found.Uid)
		if err != nil {
			continue
		}
		gid, err := strconv.Atoi(found.Gid)
		if err != nil {
			continue
		}
		return &account{name: name, uid: uid, gid: gid}, nil
	}
	return nil, errors.New("as root there must be an account postgres or nobody to run Postgres as")
}

// give makes the account the owner of the path.
func (a *account) give(path string) error {
	if a == nil {
		return nil
	}
	err := os.Chown(path, a.uid, a.gid)
	if err != nil {
		return fmt.Errorf("hand over to %s: %w", a.name, err)
	}
	return nil
}

// dataDirMode lets the unprivileged account pass through a directory that root
// makes, without listing it.
func dataDirMode() os.FileMode {
	if os.Geteuid() == 0 {
		return 0o711
	}
	return 0o700
}
