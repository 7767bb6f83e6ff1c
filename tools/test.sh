#!/bin/sh
# Sets up what is needed and runs every test, or those named as arguments.
set -eu
cd "$(dirname "$0")/.."
PORTAL_SETUP=test sh tools/setup.sh
. tools/environment.sh
cores=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN || echo 1)
# Much of a test is waiting for other processes, so one more than there are cores keeps the cores busy.
processes=${TEST_PROCESSES:-$((${cores:-1} + 1))}
# Who is done takes over from the one who has most left; tests/dealing.py says which tests begin.
run="-m pytest -n $processes --dist worksteal"
if [ -z "${TEST_COVERAGE:-}" ]; then
    exec .venv/bin/python $run "$@"
fi
# What decides over letters must be covered whole; the modules are named in tests/covering.py.
rm -rf .coverage_data && mkdir .coverage_data
failed=0
.venv/bin/python $run "$@" || failed=$?
.venv/bin/python -m tests.covering || { [ "$failed" -ne 0 ] || failed=2; }
exit "$failed"
