#!/bin/bash
# Fuses the sample coast with plain GDAL tools and the built plugin, and draws it. Run by `make demo`, from any folder.
set -euo pipefail
cd "$(dirname "$0")/../.."

python="${PYTHON:-/usr/bin/python3}"
policy=docs/examples/sample_coast.yaml
out=build/demo
export GDAL_DRIVER_PATH="$PWD/build/gdalplugins"

step() { printf '\n== %s\n' "$1"; }
show() {
  echo "\$ $*"
  "$@"
}

for built in "$GDAL_DRIVER_PATH/gdal_TOPOBATHY.so" "$PWD/build/bin/topobathy"; do
  if [[ ! -e "$built" ]]; then
    echo "$built is not there: run  make build" >&2
    exit 1
  fi
done
mkdir -p "$out"

step "Sample coast"
show "$python" autotest/pymod/sample_coast.py docs/examples/sample_coast

step "Check the policy"
show build/bin/topobathy validate "$policy"

step "Fuse it: plain GDAL, the plugin on GDAL_DRIVER_PATH"
# A side-car of an earlier run would lend its statistics and attribute table to the new file.
rm -f "$out/fused.tif" "$out/fused.tif.aux.xml"
show gdal_translate -of COG -co COMPRESS=DEFLATE -co PREDICTOR=YES "$policy" "$out/fused.tif"

step "Pictures"
show "$python" utils/demo/pictures.py "$out/fused.tif" "$out/elevation.png" "$out/sources.png"

step "What came out"
show gdalinfo -norat -nomd "$out/fused.tif" | grep -E '^(\$|Driver|Size|Pixel Size|Upper Left|Lower Right|Band|  Description|  NoData|  Unit)' || true
printf '\n'
ls -l "$out/fused.tif" "$out/elevation.png" "$out/sources.png"
cat <<END

Next:
  export GDAL_DRIVER_PATH=$GDAL_DRIVER_PATH
  gdalinfo $policy
  gdallocationinfo -wgs84 $policy -70.745 42.985
  build/bin/topobathy explain $policy -70.745 42.985
END
