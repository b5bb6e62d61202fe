#!/bin/sh
# `npx porchlight <command>`: the command line beside the server. npm links this file, so find where it really is.
set -eu
here=$(dirname "$(readlink -f "$0")")
exec sh "$here/with-node24.sh" server/src/command-line.ts "$@"
