#!/bin/sh
# Sets up what is needed and runs the fault drills; exit code 1 where a letter was lost or doubled.
set -eu
cd "$(dirname "$0")/.."
PORTAL_SETUP=test sh tools/setup.sh
. tools/environment.sh
exec .venv/bin/python -m tests.faults "$@"
