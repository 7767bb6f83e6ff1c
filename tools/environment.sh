# Sourced by the scripts in tools/: lets programs find PDF libraries that setup.sh unpacked for this folder only.
if [ -d .venv/system/lib ]; then
    export LD_LIBRARY_PATH="$PWD/.venv/system/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    if [ ! -d /etc/fonts ] && [ -d .venv/system/etc/fonts ]; then
        export FONTCONFIG_PATH="$PWD/.venv/system/etc/fonts"
    fi
fi
# A demo or a test run starts some fifty processes: what the first of them has compiled is kept for the others.
unset PYTHONDONTWRITEBYTECODE
