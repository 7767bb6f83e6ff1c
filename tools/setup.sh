#!/bin/sh
# Makes .venv with everything the portal needs, from the lock with its hashes.
#
#   sh tools/setup.sh                             for the demo (default)
#   PORTAL_SETUP=test sh tools/setup.sh           also looks for a browser
#   PYTHON=/path/to/python3 sh tools/setup.sh     another interpreter than the machine's own (3.11 or newer)
#
# Needs no make. A second run finds everything in place and takes about a second.
# As root it installs missing system libraries; as an ordinary user it tries a private
# folder for Pango, and otherwise names the command an administrator must run.
set -eu
cd "$(dirname "$0")/.."
here=$(pwd)
lock=tools/lock/development.txt
wanted=${PORTAL_SETUP:-demo}
private=.venv/system
browser=chromium-headless-shell
pdf_packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

say() { printf '%s\n' "setup: $*"; }
fail() { printf '%s\n' "setup: $*" >&2; exit 1; }
is_root() { [ "$(id -u)" -eq 0 ]; }
has_apt() { command -v apt-get >/dev/null 2>&1; }

apt_install_by_lists_at_hand() { # as root
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >>"$apt_log" 2>&1
}

apt_install() { # as root; asks for fresh lists only when the ones at hand do not do
    apt_install_by_lists_at_hand "$@" && return 0
    say "refreshing the package lists"
    apt-get update -q >>"$apt_log" 2>&1 || true
    apt_install_by_lists_at_hand "$@"
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

has_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; } # Debian keeps venv's other half in a package of its own

get_venv() { # as root
    package=$("$1" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')
    say "installing $package"
    apt_install "$package" && has_venv "$1"
}

# The system's own Python first: it is built with what was learnt from running it, and needs a fifth less time than one
# that was built without.
find_python() {
    lacking=
    for candidate in ${PYTHON:-} /usr/bin/python3 python3 python3.13 python3.12 python3.11; do
        if ! command -v "$candidate" >/dev/null 2>&1 || ! new_enough "$candidate"; then continue; fi
        if has_venv "$candidate" || { is_root && has_apt && get_venv "$candidate"; }; then
            python=$(command -v "$candidate")
            return 0
        fi
        lacking=${lacking:-$("$candidate" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')}
    done
    [ -z "$lacking" ] || fail "Python's venv module is missing. Run: sudo apt-get install $lacking"
    fail "Python 3.11 or newer is needed. Run: sudo apt-get install python3 python3-venv"
}

ensure_uv() { # in an environment of its own, which a sync of the main one never touches
    pinned=$(sed -n 's/^uv==\([^ ]*\).*/\1/p' "$lock")
    [ -n "$pinned" ] || return 1
    if [ -x .venv/uv/bin/uv ] && [ "$(.venv/uv/bin/uv --version | cut -d' ' -f2)" = "$pinned" ]; then return 0; fi
    say "getting uv $pinned"
    sed -n '/^uv==/,/^[^ ].*/p' "$lock" | awk 'NR == 1 || /^ /' >.venv/uv-lock.txt
    "$python" -m venv .venv/uv || return 1
    .venv/uv/bin/python -m pip install -qq --no-deps --require-hashes -r .venv/uv-lock.txt
}

install_locked() {
    . tools/uv-settings.sh
    count=$(grep -c '^[a-zA-Z0-9].*==' "$lock")
    if ensure_uv; then
        say "installing $count locked packages with uv"
        if .venv/uv/bin/uv pip sync -q --python .venv/bin/python --require-hashes --compile-bytecode "$lock"; then return 0; fi
        say "uv did not manage; trying pip with the same lock"
    fi
    say "installing $count locked packages with pip (slower)"
    .venv/bin/python -m pip install -q --require-hashes -r "$lock" || fail "the packages in $lock could not be installed"
}

build_environment() {
    stamp=$({ cat "$lock" tools/setup.sh; "$python" -V; printf '%s' "$here"; } | cksum)
    if [ -x .venv/bin/python ] && [ "$(cat .venv/stamp 2>/dev/null)" = "$stamp" ]; then return 0; fi
    rm -f .venv/stamp
    say "making .venv with $("$python" -V)"
    clear= # what was moved here, or was made with another interpreter, is made anew
    if [ -e .venv/pyvenv.cfg ]; then
        grep -q " $here/.venv\$" .venv/pyvenv.cfg && grep -q "^home = $(dirname "$python")\$" .venv/pyvenv.cfg || clear=--clear
    fi
    "$python" -m venv $clear .venv || "$python" -m venv --clear .venv || fail "could not make .venv"
    install_locked
    printf '%s' "$stamp" >.venv/stamp
}

pdf_libraries_present() {
    LD_LIBRARY_PATH="$here/$private/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" .venv/bin/python - <<'PYTHON' 2>/dev/null
import ctypes
for name in ("libgobject-2.0.so.0", "libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"):
    ctypes.CDLL(name)
PYTHON
}

unpack_privately() { # without root: fetch the same Debian packages and unpack them under .venv
    has_apt && command -v dpkg >/dev/null 2>&1 || return 1
    names=$(apt-get -s install --no-install-recommends $pdf_packages 2>/dev/null | awk '/^Inst/ {print $2}')
    [ -n "$names" ] || return 1
    say "unpacking Pango into $private for this folder only"
    rm -rf "$private"
    mkdir -p "$private/download" "$private/lib"
    (cd "$private/download" && apt-get download -q $names >/dev/null 2>&1) || return 1
    for package in "$private"/download/*.deb; do dpkg -x "$package" "$private" || return 1; done
    for library in "$private"/usr/lib/*/*.so.* "$private"/lib/*/*.so.*; do
        if [ -e "$library" ]; then ln -sf "$here/$library" "$private/lib/"; fi
    done
    rm -rf "$private/download"
}

ensure_pdf_libraries() {
    pdf_libraries_present && return 0
    if is_root && has_apt; then
        say "installing the PDF libraries: $pdf_packages"
            apt_install $pdf_packages || true
    else
        unpack_privately || true
    fi
    pdf_libraries_present && return 0
    say "MISSING: system libraries for PDF. Letters cannot be put on paper before someone runs:"
    say "    sudo apt-get install --no-install-recommends $pdf_packages"
}

has() { command -v "$1" >/dev/null 2>&1; }
has_whole_browser() { has chromium || has chromium-browser; }

ensure_browser() { # a whole browser shows the same pages, in twice the time
    has $browser && return 0
    if is_root && has_apt; then
        say "installing $browser for the browser stories"
        if has_whole_browser; then apt_install_by_lists_at_hand $browser; else apt_install $browser; fi || true
    fi
    if has $browser || has_whole_browser; then return 0; fi
    say "MISSING: a browser for the browser stories. Run: sudo apt-get install --no-install-recommends $browser"
}

compile_catalogues() {
    if [ ! -x .venv/bin/pybabel ]; then return 0; fi
    for catalogue in locale/*/LC_MESSAGES/*.po; do
        compiled=${catalogue%.po}.mo
        if [ ! -e "$catalogue" ]; then continue; fi
        if [ -e "$compiled" ] && [ -z "$(find "$catalogue" -newer "$compiled")" ]; then continue; fi
        say "compiling $catalogue"
        .venv/bin/pybabel -q compile -i "$catalogue" -o "$compiled"
    done
}

mkdir -p .venv
apt_log=$here/.venv/apt.log
: >"$apt_log"
if command -v flock >/dev/null 2>&1; then
    exec 9>.venv/setup.lock
    flock 9 # two commands started at once set up one after the other
fi
find_python
build_environment
ensure_pdf_libraries
if [ "$wanted" = test ]; then ensure_browser; fi
compile_catalogues
say "ready"
