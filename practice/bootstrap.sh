#!/bin/sh
# Install what `make run`, `make check` or `make test` needs; a second time, nothing is left to do.
#
# System packages come from apt where we may use it. Where we may not, the one line to run is
# printed and we stop. Python packages go into .venv, as locked and by hash.
set -eu

goal=${1:?run, check or test}
venv=.venv
# What WeasyPrint loads; the tests besides need libatomic1, for the Node.js that Playwright brings.
prints="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

say() { printf 'stillpoint: %s\n' "$*" >&2; }

stop() {
    say "$@"
    exit 1
}

missing() {
    command -v dpkg-query >/dev/null || return 0
    for package in "$@"; do
        case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true) in
            installed) ;;
            *) printf ' %s' "$package" ;;
        esac
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

install_packages() {
    [ $# -gt 0 ] || return 0
    if ! may_install; then
        say "this machine lacks: $*"
        stop "run this once, then try again:  sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
    fi
    say "installing $*"
    log=$(mktemp)
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >"$log" 2>&1 || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends "$@" >>"$log" 2>&1 ||
        { tail -n 20 "$log" >&2; rm -f "$log"; stop "apt-get could not install $*"; }
    rm -f "$log"
}

find_python() {
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$python"
            return
        fi
    done
    stop "Python 3.11 or newer is needed; Debian 12 and Ubuntu 24.04 bring it as python3"
}

# Everything that apt must bring for this goal, so that one line is enough where we may not install it.
wanted() {
    case $goal in
        run) missing $prints ;;
        test) missing $prints fonts-dejavu-core libatomic1 $(browser_package) ;;
    esac
    [ -x "$venv/bin/python" ] || venv_package
}

# Debian ships Python without ensurepip; a pip of the system's own does as well.
venv_package() {
    python=$(find_python) || exit 1
    "$python" -c 'import ensurepip' 2>/dev/null || "$python" -m pip --version >/dev/null 2>&1 ||
        "$python" -c 'import sys; print(" python%d.%d-venv" % sys.version_info[:2])'
}

has_browser() {
    for browser in chromium chromium-browser google-chrome; do
        if command -v "$browser" >/dev/null; then return; fi
    done
    return 1
}

# Ubuntu has Chromium only as a snap; there the one that Playwright brings is used.
browser_package() {
    has_browser || grep -qs '^ID=ubuntu' /etc/os-release || echo chromium
}

make_venv() {
    python=$(find_python)
    say "making $venv with $("$python" --version)"
    if "$python" -c 'import ensurepip' 2>/dev/null; then
        "$python" -m venv "$venv"
    else
        "$python" -m venv --without-pip "$venv"
        "$python" -m pip -q --python "$venv/bin/python" install pip
    fi || stop "$python could not make a virtual environment"
}

# $1 lock file. The stamp holds the lock it was made from, so a changed lock is installed anew.
install_lock() {
    stamp=$venv/$1.installed
    if [ -x "$venv/bin/python" ] && cmp -s "$1" "$stamp"; then return; fi
    [ -x "$venv/bin/python" ] || make_venv
    say "installing Python packages from $1"
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes -r "$1" ||
        stop "pip could not install the packages of $1"
    cp "$1" "$stamp"
}

install_servers() {
    stamp=tests/servers/node_modules/.installed
    if cmp -s tests/servers/package-lock.json "$stamp"; then return; fi
    say "installing the Stripe-like test server"
    "$venv/bin/npm" ci --prefix tests/servers --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null ||
        stop "npm could not install tests/servers"
    cp tests/servers/package-lock.json "$stamp"
}

install_browser() {
    if has_browser || ls "${HOME:-/root}"/.cache/ms-playwright/chromium* >/dev/null 2>&1; then return; fi
    "$venv/bin/python" -m playwright install --with-deps chromium
}

cd "$(dirname "$0")/.."
case $goal in run | check | test) ;; *) stop "choose run, check or test" ;; esac
packages=$(wanted)
# shellcheck disable=SC2086 # one word for each package
install_packages $packages
case $goal in
    run)
        cmp -s requirements-dev.lock "$venv/requirements-dev.lock.installed" || install_lock requirements.lock
        ;;
    check) install_lock requirements-dev.lock ;;
    test)
        install_lock requirements-dev.lock
        install_servers
        install_browser
        ;;
esac
