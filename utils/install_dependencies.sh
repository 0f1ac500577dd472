#!/bin/bash
# Installs the packages of cmake/debian-packages.txt that are missing, and LASzip (which the product can do without). Does nothing, and
# asks nobody, when all are there.
#
#   utils/install_dependencies.sh [build|pages]    pages: without what the tests alone need; build: nor what the web pages need
set -euo pipefail

list="$(dirname "$0")/../cmake/debian-packages.txt"
case "${1:-}" in
  build) end='^# only the web pages' ;;
  pages) end='^# only make check' ;;
  "") end='' ;;
  *)
    echo "$0: '$1' is not known; give nothing, build or pages" >&2
    exit 2
    ;;
esac
mapfile -t wanted < <(awk -v end="$end" 'end && $0 ~ end { exit } !/^#/ && NF { print $1 }' "$list")

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "Not a Debian system: install the counterparts of $list yourself; CMake names what it does not find."
  exit 0
fi

# Node.js often comes from elsewhere, as one package that brings npm and excludes Debian's.
is_at_hand() {
  case "$1" in
    nodejs) command -v node ;;
    npm) command -v npm ;;
    *) false ;;
  esac >/dev/null
}

missing=()
for package in "${wanted[@]}"; do
  status="$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)"
  # A multi-arch package answers once an architecture.
  [[ "$status" == installed* ]] || is_at_hand "$package" || missing+=("$package")
done
install_laszip() { "$(dirname "$0")/install_laszip.sh"; }
if ((${#missing[@]} == 0)); then
  install_laszip
  exit 0
fi

echo "Installing ${#missing[@]} packages: ${missing[*]}"
as_root=()
if ((EUID != 0)); then
  if ! command -v sudo >/dev/null; then
    echo "Neither root nor sudo: ask an administrator to run  apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update --quiet --quiet
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install --yes --quiet --no-install-recommends "${missing[@]}"
install_laszip
