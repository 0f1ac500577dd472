"""A tile of 3DEP's in other layouts and editions, and the case that reads it."""

import numpy
from osgeo import gdal, osr

from archive.threedep import seamless_url
from archive.vsimem import take
from fault_cases import Case

URL = seamless_url("13", "n43w071")
# The archive's own file has nothing in these places.
NORTH = Case("north", {"provider": "usgs_3dep"}, (-70.495, 42.49, -70.49, 42.495))
SOUTH = Case("south", {"provider": "usgs_3dep"}, (-70.495, 42.2, -70.49, 42.205))


def tile(height, *options, side=600):
    """The bytes of a GeoTIFF of the tile's eastern half, `height` plus some noise of centimetres: no two blocks of it are
    alike. A side of 600 pixels holds NORTH, one of 3600 SOUTH too."""
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(4269)
    rows = numpy.arange(side, dtype=numpy.float32)
    values = height + 0.01 * ((rows[:, None] * 31 + rows[None, :] * 17) % 97)
    memory = gdal.GetDriverByName("MEM").Create("", side, side, 1, gdal.GDT_Float32)
    memory.SetSpatialRef(reference)
    memory.SetGeoTransform((-70.5 - 1 / 240, 1 / 10800, 0, 42.5, 0, -1 / 10800))
    memory.GetRasterBand(1).WriteArray(values.astype(numpy.float32))
    memory.GetRasterBand(1).SetNoDataValue(-999999)
    path = "/vsimem/fault_tile.tif"
    # The directory and its index come first, as in a COG.
    gdal.GetDriverByName("GTiff").CreateCopy(path, memory, options=["COPY_SRC_OVERVIEWS=YES", "TILED=YES", *options])
    return take(path)
