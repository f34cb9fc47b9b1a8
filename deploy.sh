#!/bin/sh
# ./deploy.sh <environment> [--local] [--yes]   (./deploy.sh --help tells the rest)
set -eu
cd "$(dirname "$0")"
. ./cli/ready.sh
ready
exec node cli/main.ts deploy "$@"
