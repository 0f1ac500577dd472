#!/bin/bash
# Puts the web pages and the libraries they need into a folder that can be served and installed.
#
#   utils/pages/build.sh [OUT]   OUT: build/share/topobathy/pages of the source tree, where build/bin/topobathy finds them
#
# The libraries come from the npm registry in the versions of package-lock.json, and only when these have changed. Without npm, or without
# a way to the registry, the pages are put there alone: they say themselves what they lack, and the exit status is still 0, so that nothing
# that is built along with them fails.
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
out="${1:-$here/../../build/share/topobathy/pages}"
mkdir -p "$out"
out="$(cd "$out" && pwd)"
packages="$(dirname "$out")/pages.npm"

say_without() {
  echo "$1: the pages are built without their map. Later: utils/pages/build.sh" >&2
}

install_packages() {
  cmp --silent "$here/package-lock.json" "$packages/installed.json" && return 0
  if ! command -v npm >/dev/null; then
    say_without "npm is not installed"
    return 1
  fi
  mkdir -p "$packages"
  cp "$here/package.json" "$here/package-lock.json" "$packages/"
  if ! npm ci --prefix "$packages" --omit=dev --no-audit --no-fund --ignore-scripts --loglevel=error >&2; then
    say_without "npm could not install the libraries"
    return 1
  fi
  cp "$packages/package-lock.json" "$packages/installed.json"
}

# The names end in .js: not every server knows the type of .mjs, and a module of an unknown type does not run.
copy_libraries() {
  local modules="$packages/node_modules" vendor="$out/vendor"
  mkdir -p "$vendor"
  for name in maplibre-gl maplibre-gl-worker; do
    # No source map is served, so none is named.
    sed '/^\/\/# sourceMappingURL=/d' "$modules/maplibre-gl/dist/$name.mjs" >"$vendor/$name.js"
  done
  cp "$modules/maplibre-gl/dist/maplibre-gl.css" "$vendor/"
  cp "$modules/maplibre-gl/LICENSE.txt" "$vendor/maplibre-gl.LICENSE.txt"
  cp "$modules/uplot/dist/uPlot.esm.js" "$vendor/uplot.js"
  cp "$modules/uplot/dist/uPlot.min.css" "$vendor/uplot.css"
  cp "$modules/uplot/LICENSE" "$vendor/uplot.LICENSE.txt"
}

for part in css js img; do
  rm -rf "${out:?}/$part"
  cp -r "$here/$part" "$out/"
done
cp "$here"/*.html "$out/"
if install_packages; then
  copy_libraries
fi
