# Sourced by setup.sh and lock.sh: hands pip's own configuration to uv, which does not read it and which brings
# a list of certificate authorities of its own.

pip_setting() { # pip's own setting: the environment first, then its configuration files
    name=$(printf '%s' "$1" | tr 'a-z-' 'A-Z_')
    eval "value=\${PIP_$name:-}"
    if [ -z "$value" ]; then
        value=$(printf '%s\n' "$pip_configuration" | sed -n "s/^\(global\|install\)\.$1='\(.*\)'\$/\2/p" | tail -n 1)
    fi
    printf '%s' "$value" | sed 's/\\n/ /g; s/^ *//; s/ *$//'
}

hand_over() { # hand_over UV_NAME VALUE: a variable already set by the user wins
    eval "present=\${$1:-}"
    if [ -z "$present" ] && [ -n "$2" ]; then export "$1=$2"; fi
}

pip_configuration=$(.venv/bin/python -m pip config list 2>/dev/null || true)
hand_over UV_DEFAULT_INDEX "$(pip_setting index-url)"
hand_over UV_INDEX "$(pip_setting extra-index-url)"
hand_over UV_FIND_LINKS "$(pip_setting find-links | tr -s ' ' ',')"
hand_over UV_NO_INDEX "$(pip_setting no-index)"
hand_over UV_INSECURE_HOST "$(pip_setting trusted-host)"
hand_over UV_HTTP_TIMEOUT "$(pip_setting timeout)"
hand_over SSL_CERT_FILE "$(pip_setting cert)"
hand_over UV_INDEX_STRATEGY unsafe-best-match # as pip does; the hashes decide what is accepted
hand_over UV_SYSTEM_CERTS 1
export UV_PYTHON_DOWNLOADS=never
