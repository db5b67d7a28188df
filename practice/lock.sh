#!/bin/sh
# Resolve pyproject.toml into the two lock files: what production runs, and that plus the tools.
set -eu
cd "$(dirname "$0")/.."

uv=.venv/bin/uv
[ -x "$uv" ] || .venv/bin/python -m pip install -q uv

lock() {
    "$uv" pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --custom-compile-command "make lock" "$@"
}

lock -o requirements.lock
lock --group dev -o requirements-dev.lock
