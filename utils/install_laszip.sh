#!/bin/bash
# Installs LASzip where Debian has none: 12 (bookworm) misses it, the packages of 13 (trixie) run there, since they need nothing newer
# than what it has. Does nothing where the library is there. Without it the product works too, except that LAZ is refused.
#
# apt sees Debian 13 only during this call, through sources, pins, lists and a cache of its own below a temporary folder: the system's
# own apt configuration stays as it is, and no other package can be touched (the plan is checked before it is carried out).
set -euo pipefail

packages=(liblaszip8 liblaszip-api8 liblaszip-dev) # the library; its loader and header, that a test compares ours with
without="LAZ point clouds will be refused; everything else works."

installed() { [[ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" == installed* ]]; }
give_up() {
  echo "LASzip cannot be installed: $1. $without" >&2
  exit 0
}

command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
  give_up "not a Debian system, install liblaszip.so.8 (LASzip 3.x) yourself"
all=yes
for package in "${packages[@]}"; do installed "$package" || all=no; done
[[ $all == no ]] || exit 0

as_root=()
if ((EUID != 0)); then
  command -v sudo >/dev/null || give_up "neither root nor sudo"
  as_root=(sudo)
fi

# A release that has the packages needs no trick.
if apt-cache show "${packages[@]}" >/dev/null 2>&1 && [[ "$(apt-cache policy liblaszip8)" == *"://"* ]]; then
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --quiet --no-install-recommends --no-upgrade "${packages[@]}" || give_up "apt failed"
  exit 0
fi

# The mirror that the system itself uses for its Debian release; Debian's keys.
mirror="$(apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' 'Component: main' | grep -m 1 '/debian/\?$' || true)"
[[ -n "$mirror" ]] || give_up "apt has no Debian mirror"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[[ -r $keyring ]] || give_up "the package debian-archive-keyring is missing"

private="$(mktemp --directory)"
trap '"${as_root[@]}" rm --recursive --force "$private"' EXIT
chmod 755 "$private" # apt's own user reads it
mkdir -p "$private"/{lists/partial,cache/archives/partial,parts}
echo "deb [signed-by=$keyring] $mirror trixie main" >"$private/sources.list"
cat >"$private/preferences" <<PINS
Package: *
Pin: release n=trixie
Pin-Priority: -10

Package: ${packages[*]}
Pin: release n=trixie
Pin-Priority: 100
PINS

apt_with_trixie() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get --quiet --quiet \
    -o Dir::Etc::sourcelist="$private/sources.list" -o Dir::Etc::sourceparts="$private/parts" \
    -o Dir::Etc::preferences="$private/preferences" -o Dir::Etc::preferencesparts="$private/parts" \
    -o Dir::State::lists="$private/lists" -o Dir::Cache="$private/cache" -o APT::Default-Release="" \
    -o APT::Install-Recommends=false -o Acquire::Retries=1 -o Acquire::http::Timeout=20 "$@"
}

apt_with_trixie update || give_up "the Debian mirror does not answer"
plan="$(apt_with_trixie --simulate install "${packages[@]}")" || give_up "apt finds no way to install ${packages[*]}"
touched="$(awk '/^(Inst|Remv) / { print $1, $2 }' <<<"$plan")"
for package in "${packages[@]}"; do touched="$(grep -v -x "Inst $package" <<<"$touched" || true)"; done
[[ -z "$touched" ]] || give_up "it would touch other packages ($(tr '\n' ' ' <<<"$touched"))"
echo "Installing ${packages[*]}"
apt_with_trixie install --yes --no-remove --no-upgrade "${packages[@]}" || give_up "apt failed"
