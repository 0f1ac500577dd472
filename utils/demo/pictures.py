#!/usr/bin/python3
"""Two pictures of a fused raster: shaded elevation, and which source every pixel came from.

    pictures.py FUSED.tif ELEVATION.png SOURCES.png
"""

import os
import sys

import numpy as np
from osgeo import gdal
from PIL import Image, ImageDraw, ImageFont

gdal.UseExceptions()

COLOURS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "elevation_colours.txt")
FONTS = "/usr/share/fonts/truetype/dejavu/"
LEGEND_WIDTH = 440
GREY = (96, 104, 112)


def on_screen_grid(path):
    """The raster in web Mercator, where a metre is as long east as north; ids are never mixed."""
    source = gdal.Open(path)
    bands = []
    for number, resampling in ((1, "cubic"), (3, "near")):
        one = gdal.Translate("", source, format="MEM", bandList=[number])
        bands.append(gdal.Warp("", one, format="MEM", dstSRS="EPSG:3857", resampleAlg=resampling,
                               xRes=10.0, yRes=10.0, dstNodata=float("nan")))
    return bands


def shade(elevation, exaggeration):
    """Light from the north-west and, weaker, from all round: 0 dark .. 1 bright, 0.7 on the flat."""
    options = {"format": "MEM", "zFactor": exaggeration, "computeEdges": True}
    side = gdal.DEMProcessing("", elevation, "hillshade", altitude=45, azimuth=315, **options).ReadAsArray()
    round_about = gdal.DEMProcessing("", elevation, "hillshade", multiDirectional=True, **options).ReadAsArray()
    return (0.65 * side + 0.35 * round_about) / 255.0


def relief(elevation):
    planes = gdal.DEMProcessing("", elevation, "color-relief", colorFilename=COLOURS, format="MEM").ReadAsArray()
    return np.moveaxis(planes[:3], 0, 2).astype(np.float64)


def lit(colour, light, strength):
    """Colour under a light; 0.7 (flat ground) leaves it as it is, brighter light goes towards white."""
    light = (light - 0.7)[:, :, None] * strength
    return np.where(light < 0, colour * (1.0 + light), colour + (255.0 - colour) * np.minimum(light, 1.0) * 0.8)


def image_of(colour, elevation):
    colour = np.where(np.isfinite(elevation.ReadAsArray())[:, :, None], colour, 255.0)
    return Image.fromarray(np.clip(colour, 0, 255).astype(np.uint8), "RGB")


class Sources:
    """The attribute table of the Contributor band: id, name, colour; found by the columns' usage."""

    def __init__(self, path):
        dataset = gdal.Open(path)
        table = dataset.GetRasterBand(3).GetDefaultRAT()
        if table is None or table.GetRowCount() == 0:
            sys.exit(f"{path}: band 3 has no attribute table, so there are no sources to draw")
        value = table.GetColOfUsage(gdal.GFU_MinMax)
        name = self._column(table, "source_survey_id")
        provider = self._column(table, "provider")
        rgb = [table.GetColOfUsage(usage) for usage in (gdal.GFU_Red, gdal.GFU_Green, gdal.GFU_Blue)]
        if min([value, name, provider] + rgb) < 0:
            sys.exit(f"{path}: the attribute table lacks a value, name or colour column")
        self.rows = {}
        for row in range(table.GetRowCount()):
            label = table.GetValueAsString(row, name) or table.GetValueAsString(row, provider)
            self.rows[table.GetValueAsInt(row, value)] = (label, tuple(table.GetValueAsInt(row, c) for c in rgb))

    @staticmethod
    def _column(table, name):
        names = [table.GetNameOfCol(column) for column in range(table.GetColumnCount())]
        return names.index(name) if name in names else -1

    def paint(self, ids):
        colour = np.full(ids.shape + (3,), 255.0)
        for number, (_, rgb) in self.rows.items():
            colour[ids == number] = rgb
        return colour

    def by_area(self, ids):
        """(share, name, colour) of the sources in the picture, largest first."""
        present, counts = np.unique(ids[np.isfinite(ids)].astype(np.int64), return_counts=True)
        total = max(int(counts.sum()), 1)
        unknown = ("not in the attribute table", (0, 0, 0))
        shares = [(count / total, *self.rows.get(int(number), unknown)) for number, count in zip(present, counts)]
        return sorted(shares, key=lambda share: (-share[0], share[1]))


def font(size, bold=False):
    return ImageFont.truetype(FONTS + ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"), size)


def fitted(text, face, width):
    """The text, its middle left out where it is wider than `width` pixels (survey names differ at both ends)."""
    kept = len(text)
    short = text
    while face.getlength(short) > width and kept > 4:
        kept -= 1
        short = text[: (kept + 1) // 2] + "…" + text[len(text) - kept // 2:]
    return short


def with_legend(picture, shares):
    page = Image.new("RGB", (picture.width + LEGEND_WIDTH, picture.height), "white")
    page.paste(picture, (0, 0))
    draw = ImageDraw.Draw(page)
    left, top = picture.width + 28, 30
    draw.text((left, top), "Contributor", fill=(24, 32, 40), font=font(24, bold=True))
    draw.text((left, top + 34), "source of every pixel, by area", fill=GREY, font=font(15))
    top += 78
    for share, name, rgb in shares:
        if top > picture.height - 40:
            draw.text((left, top), "…", fill=GREY, font=font(16))
            break
        draw.rectangle((left, top, left + 26, top + 20), fill=rgb, outline=(200, 204, 208))
        draw.text((left + 38, top + 1), fitted(name, font(15), 270), fill=(24, 32, 40), font=font(15))
        draw.text((page.width - 24, top + 1), f"{100 * share:.1f} %", fill=GREY, font=font(15), anchor="ra")
        top += 34
    return page


def main(fused, elevation_png, sources_png):
    elevation, contributor = on_screen_grid(fused)
    light = shade(elevation, exaggeration=4.0)
    image_of(lit(relief(elevation), light, 0.85), elevation).save(elevation_png, optimize=True)
    sources = Sources(fused)
    ids = contributor.ReadAsArray()
    picture = image_of(lit(sources.paint(ids), light, 0.55), elevation)
    with_legend(picture, sources.by_area(ids)).save(sources_png, optimize=True)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
