#!/usr/bin/python3
"""compare.py FIRST SECOND: differences of the first bands of two rasters of one grid, over the second's extent, as JSON.

A program of its own, so that numpy and GDAL do not swell the process that measures.
"""

import json
import sys

import numpy
from osgeo import gdal

gdal.UseExceptions()


def elevations(first, second):
    """Both bands over the second's extent, which the first covers."""
    a, b = first.GetGeoTransform(), second.GetGeoTransform()
    if abs(a[1] - b[1]) > 1e-9 * a[1] or abs(a[5] - b[5]) > 1e-9 * a[1]:
        raise SystemExit("the rasters have different pixels")
    column, row = round((b[0] - a[0]) / a[1]), round((b[3] - a[3]) / a[5])
    window = (column, row, second.RasterXSize, second.RasterYSize)
    return first.GetRasterBand(1).ReadAsArray(*window), second.GetRasterBand(1).ReadAsArray()


def main():
    first, second = gdal.Open(sys.argv[1]), gdal.Open(sys.argv[2])
    a, b = elevations(first, second)
    valid_a, valid_b = numpy.isfinite(a), numpy.isfinite(b)
    difference = numpy.abs(a - b)[valid_a & valid_b]
    if difference.size == 0:
        raise SystemExit("the rasters have no valid pixel in common")
    print(json.dumps({
        "pixels": int(b.size),
        "only_first": int((valid_a & ~valid_b).sum()),
        "only_second": int((valid_b & ~valid_a).sum()),
        "median": float(numpy.median(difference)),
        "p99": float(numpy.percentile(difference, 99)),
    }))


main()
