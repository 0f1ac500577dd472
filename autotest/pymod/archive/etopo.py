"""ETOPO 2022: tiles of 15 degrees beside NCEI's survey pages; one of them, with data around the sample coast."""

import numpy as np
from osgeo import gdal

from . import gebco_grid
from .rasters import Tile, write_sparse_cog
from .ncei import PAGES

FOLDER = f"https://{PAGES}/mgg/global/relief/ETOPO2022/data/15s/15s_surface_elev_gtif/"
WINDOW = (-71.5, 42.5, -70.0, 43.5)
OFFSET = 4.0  # of the ground, in whole metres after the rounding of gebco_grid


def make(builder):
    tile = Tile("EPSG:4326", -75.0, 45.0, 1.0 / 240, 3600, 3600)
    window = tile.window(WINDOW)
    rows = round((45.0 + 90.0) * 240) - 1 - (window[1] + np.arange(window[3]))
    columns = round((-75.0 + 180.0) * 240) + window[0] + np.arange(window[2])
    values = (gebco_grid.elevation(rows, columns) - gebco_grid.OFFSET + OFFSET).astype(np.float32)
    url = f"{FOLDER}ETOPO_2022_v1_15s_N45W075_surface.tif"
    write_sparse_cog(builder.path(url), tile, window, values, -99999.0, gdal.GDT_Float32)
    builder.add("etopo_2022", url, list(WINDOW), OFFSET, 460.0, "EGM2008", 2022, tile.box, {"fine": False})
