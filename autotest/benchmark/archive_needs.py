#!/usr/bin/python3
"""archive_needs.py JSON: of files in the archives on loopback, the bytes that a window cannot do without, as JSON.

JSON is {"folder", "box": [w, s, e, n], "pixel": metres, "files": [{"url", "kind": "cog" | "ept" | "copc", "crs": of a copc}]}; the answer {url: {"bytes", "points"}}.
* cog: what lies before the first block, and the blocks that the window touches at the overview that is read.
* ept, copc: headers, hierarchy, and the nodes that the window touches down to the level whose points are a ground cell apart:
  the power of two below the pixel, or above the mean distance of the survey's points where that is more.
"""

import json
import math
import pathlib
import struct
import sys
import urllib.parse

from osgeo import gdal, osr

gdal.UseExceptions()
METRES_PER_DEGREE = 111320
FINEST_CELL = 1.0  # metres, of grids from points


def path_of(folder, url):
    return pathlib.Path(folder) / urllib.parse.unquote(url.removeprefix("https://"))


def box_in(crs, box):
    """The window in a file's CRS."""
    geographic, own = osr.SpatialReference(), osr.SpatialReference()
    geographic.ImportFromEPSG(4326)
    own.SetFromUserInput(crs)
    for reference in (geographic, own):
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return osr.CoordinateTransformation(geographic, own).TransformBounds(*box, 21)


def level_of(band, pixel, size):
    """The coarsest overview that is not coarser than the lattice's pixels; None = the file itself."""
    chosen = None
    for number in range(band.GetOverviewCount()):
        if size * band.XSize / band.GetOverview(number).XSize <= pixel * 1.001:
            chosen = number
    return chosen


def blocks(band, window):
    """(offset, bytes) of the blocks that a window of pixels touches."""
    width, height = band.GetBlockSize()
    left, top, right, bottom = window
    for row in range(max(0, top // height), (min(bottom, band.YSize) - 1) // height + 1):
        for column in range(max(0, left // width), (min(right, band.XSize) - 1) // width + 1):
            offset = band.GetMetadataItem(f"BLOCK_OFFSET_{column}_{row}", "TIFF")
            if offset:
                yield int(offset), int(band.GetMetadataItem(f"BLOCK_SIZE_{column}_{row}", "TIFF"))


def cog(path, box, pixel, _):
    dataset = gdal.Open(str(path))
    left, width, _, top, _, height = dataset.GetGeoTransform()
    west, south, east, north = box_in(dataset.GetProjection(), box)
    if dataset.GetSpatialRef().IsGeographic():
        size = -height * METRES_PER_DEGREE
    else:  # a pixel of the lattice is narrower than high, and the finer axis counts
        size, pixel = -height, pixel * math.cos(math.radians((box[1] + box[3]) / 2))
    needed, header = set(), path.stat().st_size
    for number in range(1, dataset.RasterCount + 1):
        band = dataset.GetRasterBand(number)
        overviews = [band.GetOverview(n) for n in range(band.GetOverviewCount())]
        for any_level in (band, *overviews):
            header = min([header, *(at for at, _ in blocks(any_level, (0, 0, any_level.XSize, any_level.YSize)))])
        chosen = level_of(band, pixel, size)
        level = band if chosen is None else overviews[chosen]
        x, y = width * band.XSize / level.XSize, height * band.YSize / level.YSize
        window = [math.floor((west - left) / x), math.floor((north - top) / y),
                  math.ceil((east - left) / x), math.ceil((south - top) / y)]
        needed.update(blocks(level, window))
    return {"bytes": header + sum(size for _, size in needed), "points": 0}


def ground_cell(pixel, spacing):
    fit = 2.0 ** math.floor(math.log2(pixel)) if pixel > FINEST_CELL else FINEST_CELL
    return 2.0 ** math.ceil(math.log2(spacing)) if spacing > fit else fit


def deepest(spacing, cell):
    return max(0, math.ceil(math.log2(spacing / cell)))


def touches(key, cube, box):
    level, x, y = key[:3]
    side = cube[2] / 2**level
    west, south = cube[0] + x * side, cube[1] + y * side
    return west <= box[2] and west + side >= box[0] and south <= box[3] and south + side >= box[1]


def ept(path, box, pixel, _):
    info = json.loads(path.read_text(encoding="utf-8"))
    bounds = info["bounds"]
    cube = (bounds[0], bounds[1], bounds[3] - bounds[0])
    ending = {"laszip": "laz", "binary": "bin", "zstandard": "zst"}[info["dataType"]]
    hierarchy = path.parent / "ept-hierarchy" / "0-0-0-0.json"
    window = box_in(info["srs"]["wkt"], box)
    stretch = 1 / math.cos(math.radians((box[1] + box[3]) / 2))  # of Mercator, in which this bucket is
    west, south, _, east, north, _ = info["boundsConforming"]
    spacing = math.sqrt((east - west) * (north - south) / info["points"]) / stretch
    last = deepest(cube[2] / info["span"], 2.0 ** math.floor(math.log2(ground_cell(pixel, spacing) * stretch)))
    taken = {"bytes": path.stat().st_size + hierarchy.stat().st_size, "points": 0}
    for name, points in json.loads(hierarchy.read_text(encoding="utf-8")).items():
        key = [int(part) for part in name.split("-")]
        if points > 0 and key[0] <= last and touches(key, cube, window):
            taken["points"] += points
            taken["bytes"] += (path.parent / "ept-data" / f"{name}.{ending}").stat().st_size
    return taken


def copc(path, box, pixel, crs):
    data = path.read_bytes()
    points_at, = struct.unpack_from("<I", data, 96)
    x, y, _, half, spacing, root, size = struct.unpack_from("<5dQQ", data, 375 + 54)
    cube, window = (x - half, y - half, 2 * half), box_in(crs, box)
    last = deepest(spacing, ground_cell(pixel, 0))
    taken = {"bytes": points_at + size, "points": 0}
    for at in range(root, root + size, 32):
        *key, offset, length, points = struct.unpack_from("<4iQii", data, at)
        if points > 0 and key[0] <= last and touches(key, cube, window):
            taken["bytes"] += length
            taken["points"] += points
    return taken


def main():
    wanted = json.loads(sys.argv[1])
    kinds = {"cog": cog, "ept": ept, "copc": copc}
    print(json.dumps({file["url"]: kinds[file["kind"]](path_of(wanted["folder"], file["url"]), wanted["box"], wanted["pixel"],
                                                         file.get("crs"))
                      for file in wanted["files"]}))


main()
