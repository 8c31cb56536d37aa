# Sets up what the programs of this folder need; sourced by ./run and ./check.
# Everything is marked when done, so that a second call costs a few file tests.
# Usage: set_up run|check   afterwards $VENV holds the virtual environment.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PINS=$ROOT/installer/pins
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/watchroom

RUN_PACKAGES="mosquitto postgresql libvlc5 vlc-plugin-base fonts-nanum
 libnss3 libnspr4 libasound2 libgbm1 libegl1 libgl1 libxcomposite1 libxdamage1 libxrandr2 libxtst6
 libxkbfile1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1
 libxcb-render-util0 libxcb-shape0 libdbus-1-3 libfontconfig1 ca-certificates"
CHECK_PACKAGES="xvfb openbox xdotool x11-utils x11-xserver-utils imagemagick
 vlc-plugin-video-output"

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo -n "$@" 2>/dev/null || sudo "$@"
  else return 127; fi
}

# Packages of the list that dpkg does not know as installed. Debian 13 and Ubuntu 24.04 renamed
# some with a t64 suffix, so either name counts.
missing_packages() {
  local name status
  for name in "$@"; do
    status=$(dpkg-query -W -f='${db:Status-Status}\n' "$name" "${name}t64" 2>/dev/null || true)
    case $'\n'$status$'\n' in *$'\ninstalled\n'*) ;; *) echo "$name" ;; esac
  done
}

install_packages() {
  local missing policy=/usr/sbin/policy-rc.d made_policy='' status=0
  missing=$(missing_packages "$@" | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null || fail "apt-get is not here; install by hand: $missing"
  say "installing system packages: $missing"
  # Neither a broker nor a database cluster of the system's own may be started by this.
  as_root mkdir -p /etc/postgresql-common || fail "needs root or sudo: apt-get install $missing"
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
  fi
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
    as_root chmod 755 $policy
    made_policy=1
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update >/dev/null || status=1
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install $missing >/dev/null || status=1
  [ -z "$made_policy" ] || as_root rm -f $policy
  missing=$(missing_packages "$@" | tr '\n' ' ')
  [ -z "$missing" ] || fail "could not be installed; run: sudo apt-get install $missing"
  return $status
}

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3.11 python3 /usr/bin/python3; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null || continue
    if "$candidate" -c 'import sys; raise SystemExit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  fail "Python 3.11 is needed (Debian 12 has it: sudo apt-get install python3 python3-venv); or name one: PYTHON=/path"
}

# The environment lies in the user's cache under the hash of its pins, so that checkouts share it.
make_environment() {
  local what=$1 python key
  key=$(cat "$PINS"/build.txt "$PINS"/requirements.txt "$PINS"/dev.txt "$PINS"/foreign.txt | sha256sum | cut -c1-16)
  VENV=$CACHE/venv-$key
  [ -e "$VENV/.ready-$what" ] && return 0
  mkdir -p "$CACHE"
  exec 9>"$CACHE/setup.lock"
  flock 9
  if [ ! -e "$VENV/.ready-run" ]; then
    python=$(find_python)
    "$python" -c 'import venv, ensurepip' 2>/dev/null || install_packages python3-venv
    say "making the virtual environment (some minutes, once)"
    rm -rf "$VENV"
    "$python" -m venv "$VENV"
    pip_install -r "$PINS/build.txt"
    pip_install --no-build-isolation -r "$PINS/requirements.txt"
    touch "$VENV/.ready-run"
  fi
  if [ "$what" = check ] && [ ! -e "$VENV/.ready-check" ]; then
    say "adding the tools that the checks need"
    pip_install -r "$PINS/dev.txt"
    pip_install --no-deps -r "$PINS/foreign.txt" # a camera for tests; its opencv-python would replace ours
    touch "$VENV/.ready-check"
  fi
  flock -u 9
}

pip_install() {
  "$VENV/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --require-hashes "$@" \
    || fail "pip could not install: $*"
}

make_translations() {
  local source target
  for source in "$ROOT"/resources/i18n/*.ts; do
    [ -e "$source" ] || return 0
    target=${source%.ts}.qm
    [ "$target" -nt "$source" ] || "$VENV/bin/pyside6-lrelease" -silent "$source" -qm "$target"
  done
}

set_up() {
  local what=$1 stamp
  stamp=$CACHE/packages-$what-$(printf '%s' "$RUN_PACKAGES $CHECK_PACKAGES" | sha256sum | cut -c1-12)
  mkdir -p "$CACHE"
  if [ ! -e "$stamp" ]; then
    # shellcheck disable=SC2086
    if [ "$what" = check ]; then install_packages $RUN_PACKAGES $CHECK_PACKAGES; else install_packages $RUN_PACKAGES; fi
    touch "$stamp"
  fi
  make_environment "$what"
  make_translations
}
