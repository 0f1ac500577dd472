"""Files of GDAL's memory, made and taken out."""

from osgeo import gdal


def take(path):
    """All bytes of the file, which is gone then."""
    file = gdal.VSIFOpenL(path, "rb")
    try:
        return bytes(gdal.VSIFReadL(1, gdal.VSIStatL(path).size, file))
    finally:
        gdal.VSIFCloseL(file)
        gdal.Unlink(path)
