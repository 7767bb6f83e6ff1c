#!/bin/sh
# Sets up what is needed and runs the demo in the foreground; see docs/operations.md for its variables.
set -eu
cd "$(dirname "$0")/.."
PORTAL_SETUP=demo sh tools/setup.sh
. tools/environment.sh
exec .venv/bin/python -m portal.demo
