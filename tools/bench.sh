#!/bin/sh
# Sets up what is needed and runs the benchmarks; figures also go to .bench/ as JSON.
set -eu
cd "$(dirname "$0")/.."
PORTAL_SETUP=test sh tools/setup.sh
. tools/environment.sh
exec .venv/bin/python -m tests.bench "$@"
