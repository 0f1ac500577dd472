"""The two global land models by their names: Copernicus GLO-30 in its bucket, and the NASADEM tiles that STAC links to."""

import numpy as np
from osgeo import gdal

from .rasters import Tile, write_sparse_cog
from .s3 import Bucket

HOST = "copernicus-dem-30m.s3.amazonaws.com"
BASE = f"https://{HOST}/"
LAND = (-70.88, 42.9, -70.66, 43.1)  # around it the sea: 0
PER_DEGREE = 3600
GLO30 = {"N42_00_W071_00": (42, -71), "N43_00_W071_00": (43, -71)}  # by south-west corner; W070 is sea: no tile


def hosts(store, contents):
    return {HOST: Bucket(store, HOST)}


def make(builder):
    for name, (south, west) in GLO30.items():
        _glo30(builder, f"Copernicus_DSM_COG_10_{name}_DEM", south, west)
        _nasadem(builder, f"NASADEM_HGT_n{south}w{-west:03}", south, west)
    builder.write(BASE + "tileList.txt", "".join(f"Copernicus_DSM_COG_10_{name}_DEM\r\n" for name in GLO30))
    builder.write(BASE + "readme.html", "<html><body>Copernicus DEM GLO-30</body></html>")


def glo30_url(name):
    return f"{BASE}{name}/{name}.tif"


def nasadem_url(name):
    return f"https://nasademeuwest.blob.core.windows.net/nasadem-cog/v001/{name}.tif"


def _glo30(builder, name, south, west):
    """Posts on whole seconds, so the pixels reach half of one beyond; metres above EGM2008, no nodata tag."""
    offset, half = 2.0, 0.5 / PER_DEGREE
    tile = Tile("EPSG:4326+3855", west - half, south + 1 + half, 1.0 / PER_DEGREE, PER_DEGREE, PER_DEGREE)
    _write(builder, "copernicus_dsm", glo30_url(name), tile, offset, None, gdal.GDT_Float32, "EGM2008", name)


def _nasadem(builder, name, south, west):
    """3601 posts a side, whole metres above EGM96."""
    offset, half = 3.0, 0.5 / PER_DEGREE
    tile = Tile("EPSG:4326+5773", west - half, south + 1 + half, 1.0 / PER_DEGREE, PER_DEGREE + 1, PER_DEGREE + 1)
    _write(builder, "nasadem", nasadem_url(name), tile, offset, -32768, gdal.GDT_Int16, "EGM96", name)


def _write(builder, archive, url, tile, offset, nodata, gdal_type, datum, name):
    box = [max(LAND[0], tile.box[0]), max(LAND[1], tile.box[1]), min(LAND[2], tile.box[2]), min(LAND[3], tile.box[3])]
    window = tile.window(box)
    z = builder.terrain.at(*tile.centres(window))
    land = np.where(z > 0.0, z + offset, 0.0)
    values = np.floor(land + 0.5).astype(np.int16) if gdal_type == gdal.GDT_Int16 else land.astype(np.float32)
    write_sparse_cog(builder.path(url), tile, window, values, nodata, gdal_type)
    builder.add(archive, url, box, offset, 30.0, datum, 2021, tile.box, {"tile": name, "sea": 0.0})
