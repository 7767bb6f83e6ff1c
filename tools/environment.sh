# Sourced by the scripts in tools/: lets programs find PDF libraries that setup.sh unpacked for this folder only.
if [ -d .venv/system/lib ]; then
    export LD_LIBRARY_PATH="$PWD/.venv/system/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    if [ ! -d /etc/fonts ] && [ -d .venv/system/etc/fonts ]; then
        export FONTCONFIG_PATH="$PWD/.venv/system/etc/fonts"
    fi
fi
