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

told=$(mktemp -d)
trap 'rm -rf "$told"' EXIT
names=

begin() { # begin NAME COMMAND…: all of them at once, since the slowest runs on one core
    name=$1
    shift
    names="$names $name"
    { "$@" >"$told/$name" 2>&1 && touch "$told/$name.ok"; } &
}

report() {
    for name in $names; do
        printf 'lint: %-16s ' "$name"
        if [ -e "$told/$name.ok" ]; then
            echo ok
        else
            echo FAILED
            cat "$told/$name"
            failed="$failed $name"
        fi
    done
}

begin "types" $bin/mypy .
begin "format" $bin/ruff format --check .
begin "rules" $bin/ruff check .
begin "imports" $bin/lint-imports
begin "migrations" $bin/python -m tools.migrations
begin "templates" $bin/djlint templates portal letters appointments youth_access --extension html --lint --quiet
wait
report
if [ -n "$failed" ]; then
    echo "lint: failed:$failed"
    exit 1
fi
echo "lint: all clean"
