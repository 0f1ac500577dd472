"""Small GeoTIFFs whose pixels a test knows."""

import numpy
from osgeo import gdal, osr


def write_geotiff(path, pixels, origin, pixel_size, crs="EPSG:32619", nodata=None):
    """A Float32 GeoTIFF; `origin` is its upper left corner. Returns the path as text."""
    height, width = pixels.shape
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), width, height, 1, gdal.GDT_Float32, ["TILED=YES"])
    dataset.SetGeoTransform([origin[0], pixel_size, 0.0, origin[1], 0.0, -pixel_size])
    srs = osr.SpatialReference()
    srs.SetFromUserInput(crs)
    dataset.SetProjection(srs.ExportToWkt())
    band = dataset.GetRasterBand(1)
    if nodata is not None:
        band.SetNoDataValue(nodata)
    band.WriteArray(pixels.astype(numpy.float32))
    dataset.FlushCache()
    return str(path)


def slope(width, height, step=0.25, base=-50.0):
    """Rises to the east and, four times as fast, to the south; every value is exact in Float32."""
    columns, rows = numpy.meshgrid(numpy.arange(width), numpy.arange(height))
    return (base + step * columns + 4 * step * rows).astype(numpy.float32)
