#!/bin/sh
# Writes the two lock files anew from pyproject.toml: newest versions that fit, with hashes and no index address.
set -eu
cd "$(dirname "$0")/.."
PORTAL_SETUP=demo sh tools/setup.sh
. tools/uv-settings.sh
unset UV_INDEX UV_FIND_LINKS # a machine's own extra shelf holds few of a version's files, and the lock needs every hash
compile() { # compile FILE EXTRAS…
    file=$1
    shift
    echo "lock: $file"
    .venv/uv/bin/uv pip compile -q pyproject.toml "$@" --generate-hashes --no-emit-index-url --no-header \
        --universal --python-version 3.11 --upgrade -o "$file" >/dev/null
}
compile tools/lock/production.txt
compile tools/lock/development.txt --extra demo --extra dev
# Flower for production use: the production list and what Flower adds to it.
echo "lock: tools/lock/operations.txt"
sed -n 's/.*"\(flower==[^"]*\)".*/\1/p' pyproject.toml | .venv/uv/bin/uv pip compile -q pyproject.toml - \
    -c tools/lock/production.txt --generate-hashes --no-emit-index-url --no-header --no-annotate \
    --universal --python-version 3.11 -o tools/lock/operations.txt >/dev/null
