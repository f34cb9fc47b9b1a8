#!/bin/sh
# ./test.sh [suite …]   (./test.sh --help names the suites; without one, all of them run)
set -eu
cd "$(dirname "$0")"
. ./cli/ready.sh
ready
exec node __tests__/run.ts "$@"
