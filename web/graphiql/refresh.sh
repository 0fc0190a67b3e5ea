#!/usr/bin/env bash
# Fetches GraphiQL and what it needs into third_party/, at the versions pinned below. README.md beside this file tells why.
set -euo pipefail

graphiql=3.9.0   # the last line of versions that ships one script which runs without a bundler
react=18.3.1
graphql_ws=5.16.2

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cd "$scratch"
npm init --yes >/dev/null
npm install --ignore-scripts --no-audit --no-fund \
  "graphiql@$graphiql" "react@$react" "react-dom@$react" "graphql-ws@$graphql_ws"

rm -rf "$here/third_party"
mkdir "$here/third_party"

# Source maps are not shipped, so the scripts must not ask for them.
script() {
  grep -v '^//# sourceMappingURL=' "node_modules/$1" >"$here/third_party/$2"
}
script graphiql/graphiql.min.js graphiql.min.js
script react/umd/react.production.min.js react.min.js
script react-dom/umd/react-dom.production.min.js react-dom.min.js
script graphql-ws/umd/graphql-ws.min.js graphql-ws.min.js

# The fonts inlined in the style sheet are six sevenths of it, and bring licences of their own: the system's fonts do.
perl -0pe 's/\@font-face\s*\{[^}]*\}//g' node_modules/graphiql/graphiql.min.css >"$here/third_party/graphiql.min.css"

# The scripts hold their dependencies too, so every licence in the tree comes along.
npm ls --all --parseable 2>/dev/null | tail -n +2 | grep -v '/@types/' | LC_ALL=C sort -u |
  while read -r package; do
    printf '%.0s=' {1..80}
    node -p "const p = require('$package/package.json'); '\n' + p.name + ' ' + p.version + ' (' + p.license + ')'"
    printf '%.0s=' {1..80}
    printf '\n'
    find "$package" -maxdepth 1 -type f -iname 'licen[cs]e*' -not -name '*.js' -exec cat {} + | tr -d '\r'
    printf '\n'
  done >"$here/third_party/LICENSES.txt"

ls -l "$here/third_party"
