#!/usr/bin/python3
"""The README's picture: both pictures of the demo side by side, small.

    readme_picture.py ELEVATION.png SOURCES.png OUT.png
"""

import sys

from PIL import Image

WIDTH, GAP = 430, 10  # pixels


def main(elevation_png, sources_png, out_png):
    elevation = Image.open(elevation_png).convert("RGB")
    sources = Image.open(sources_png).convert("RGB").crop((0, 0) + elevation.size)  # without its legend
    height = elevation.height * WIDTH // elevation.width
    page = Image.new("RGB", (2 * WIDTH + GAP, height), "white")
    for left, picture in ((0, elevation), (WIDTH + GAP, sources)):
        page.paste(picture.resize((WIDTH, height), Image.LANCZOS), (left, 0))
    page.quantize(200, method=Image.MEDIANCUT, dither=Image.FLOYDSTEINBERG).save(out_png, optimize=True)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
