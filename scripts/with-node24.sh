#!/bin/sh
# Runs a script of this repository under the Node 24 that npm installs, after installing what is missing.
# The only thing a machine must bring is npm and any Node from 20 on.
set -eu
cd "$(dirname "$0")/.."

installed=node_modules/.installed-lock

# A changed lockfile means a changed set of packages: compare, do not guess by date.
if ! cmp -s package-lock.json "$installed"; then
  echo "Installing packages (once; about half a minute)…" >&2
  npm ci --no-audit --no-fund --loglevel=error >&2
  cp package-lock.json "$installed"
fi

node=node_modules/.bin/node
[ -x "$node" ] || node=$(command -v node || true)
major=$("$node" -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
if [ "$major" -lt 24 ]; then
  echo "Porchlight needs Node 24. npm brings it on Linux x64 and arm64; elsewhere, install Node 24 yourself." >&2
  exit 1
fi

# Everything a script starts (npm, npx, vite) must find the same Node.
PATH="$PWD/node_modules/.bin:$PATH"
export PATH
exec "$node" "$@"
