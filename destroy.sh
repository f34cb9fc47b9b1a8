#!/bin/sh
# ./destroy.sh <environment> [--local] [--yes]   (./destroy.sh --help tells the rest)
set -eu
cd "$(dirname "$0")"
. ./cli/ready.sh
ready
exec node cli/main.ts destroy "$@"
