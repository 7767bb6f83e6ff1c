#!/bin/sh
# Every check that needs no running portal. Runs them all, then fails if any of them did.
set -u
cd "$(dirname "$0")/.."
PORTAL_SETUP=demo sh tools/setup.sh || exit 1
. tools/environment.sh
bin=.venv/bin
failed=

# The type checker's Django plugin loads the settings; these values only let it, nothing connects to them.
export PORTAL_ENV=test SECRET_KEY=lint DATABASE_URL=postgresql://lint/lint REDIS_URL=redis://lint
export PORTAL_SEALING_KEYS=lint:lint PORTAL_INDEX_KEY=lint COUNTERPART_SECRET=lint

check() { # check NAME COMMAND…
    name=$1
    shift
    printf 'lint: %-16s ' "$name"
    if output=$("$@" 2>&1); then
        echo ok
    else
        echo FAILED
        printf '%s\n' "$output"
        failed="$failed $name"
    fi
}

check "format" $bin/ruff format --check .
check "rules" $bin/ruff check .
check "types" $bin/mypy .
check "imports" $bin/lint-imports
check "migrations" $bin/python -m tools.migrations
check "templates" $bin/djlint templates portal letters appointments youth_access --extension html --lint --quiet
if [ -n "$failed" ]; then
    echo "lint: failed:$failed"
    exit 1
fi
echo "lint: all clean"
