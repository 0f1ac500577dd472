#!/bin/bash
# Makes the pictures of docs/service/pages.md and of the README anew: the tests of the pages take them on their way.
#
#   autotest/tools/page_pictures.sh
set -euo pipefail
cd "$(dirname "$0")/../.."

python="${PYTHON:-/usr/bin/python3}"
export TOPOBATHY_PICTURES="$PWD/docs/images"
"$python" -m pytest -q -p no:cacheprovider autotest/service/test_pages.py -k test_recorded
for picture in docs/images/pages_*.png; do
  # Smaller, and of a palette: a sixth of the size.
  "$python" -c 'import sys; from PIL import Image
picture = Image.open(sys.argv[1]).convert("RGB")
picture = picture.resize((960, 960 * picture.height // picture.width), Image.Resampling.LANCZOS)
picture.quantize(256, method=Image.Quantize.MEDIANCUT, kmeans=4, dither=Image.Dither.FLOYDSTEINBERG).save(sys.argv[1], optimize=True)' "$picture"
done
ls -l docs/images/pages_*.png
