"""What source files say at the pixels of a fused dataset, from GDAL and numpy alone: no code of the product is used."""

import numpy
from osgeo import gdal

from fused import horizontal, transformation

# The product finds coordinates to 0.1 source pixel; the tests allow what that means for a value.
COORDINATE_ERROR = 0.1


def read_source(path, band=1, open_options=()):
    """(values with NaN for none, geotransform, CRS or "") of a file."""
    with _Quiet():
        dataset = gdal.OpenEx(str(path), gdal.OF_RASTER, open_options=list(open_options))
        values = dataset.GetRasterBand(band).ReadAsArray().astype(numpy.float64)
        nodata = dataset.GetRasterBand(band).GetNoDataValue()
        srs = dataset.GetSpatialRef()
    if nodata is not None:
        values[numpy.isclose(values, nodata, rtol=1e-6, atol=0)] = numpy.nan
    return values, dataset.GetGeoTransform(), srs.ExportToWkt() if srs else ""


class _Quiet:
    """GDAL warns of many real files (BAG corner points, CRS given as a code); that is not what is tested."""

    def __enter__(self):
        gdal.PushErrorHandler("CPLQuietErrorHandler")

    def __exit__(self, *_):
        gdal.PopErrorHandler()


def moved(x, y, from_crs, to_crs):
    """Arrays of coordinates in another CRS."""
    if horizontal(from_crs).IsSame(horizontal(to_crs)):
        return x, y
    points = transformation(from_crs, to_crs).TransformPoints(numpy.column_stack([x.ravel(), y.ravel()]))
    points = numpy.array(points)
    return points[:, 0].reshape(x.shape), points[:, 1].reshape(x.shape)


class SourceAtPixels:
    """A source looked at from the pixels of a fused dataset.

    column, row: where each pixel's centre lies, in source pixels; inside: the source pixel that holds it has a value;
    near_edge: so close to another source pixel that coordinates of 0.1 pixel error may fall into it.
    """

    def __init__(self, fused, path, crs=None, band=1, open_options=(), window=None):
        self.values, transform, own_crs = read_source(path, band, open_options)
        x, y = fused.centres()
        if window is not None:
            x, y = x[window], y[window]
        x, y = moved(x, y, fused.crs, crs or own_crs)
        self.column = (x - transform[0]) / transform[1]
        self.row = (y - transform[3]) / transform[5]
        self.inside = numpy.isfinite(self._tap(numpy.floor(self.column), numpy.floor(self.row)))
        distance = numpy.minimum(abs(self.column - numpy.round(self.column)), abs(self.row - numpy.round(self.row)))
        self.near_edge = distance < COORDINATE_ERROR

    def _tap(self, column, row):
        height, width = self.values.shape
        known = (column >= 0) & (column < width) & (row >= 0) & (row < height)
        c = numpy.where(known, column, 0).astype(int)
        r = numpy.where(known, row, 0).astype(int)
        return numpy.where(known, self.values[r, c], numpy.nan)

    def nearest(self):
        return self._tap(numpy.floor(self.column), numpy.floor(self.row))

    def bilinear(self):
        """(value, tolerance); NaN where one of the four pixels around has no value."""
        left, top = numpy.floor(self.column - 0.5), numpy.floor(self.row - 0.5)
        across, down = self.column - 0.5 - left, self.row - 0.5 - top
        taps = [self._tap(left + i, top + j) for j in (0, 1) for i in (0, 1)]
        upper = taps[0] * (1 - across) + taps[1] * across
        lower = taps[2] * (1 - across) + taps[3] * across
        spread = numpy.max(taps, axis=0) - numpy.min(taps, axis=0)
        return upper * (1 - down) + lower * down, 2 * COORDINATE_ERROR * spread + 1e-3


def assert_bilinear(layer, source, at_least=0.5):
    """The layer is the source, bilinear, wherever the source has all four pixels; and valid just where the source is.

    `at_least`: share of the layer's valid pixels that must have been compared.
    """
    expected, tolerance = source.bilinear()
    valid = numpy.isfinite(layer)
    sure = ~source.near_edge
    assert numpy.array_equal(valid[sure], source.inside[sure])
    compared = valid & numpy.isfinite(expected)
    assert compared.sum() >= at_least * valid.sum() > 0
    error = abs(layer - expected)
    assert (error[compared] <= tolerance[compared]).all(), numpy.nanmax((error - tolerance)[compared])
    # Only where the coordinates are approximated at all may the error be noticeable.
    assert numpy.sqrt(numpy.mean(error[compared] ** 2)) <= numpy.sqrt(numpy.mean(tolerance[compared] ** 2)) / 2


def ground_pixel(fused):
    """Width and height in metres of the pixels of each row, on the ellipsoid of WGS 84."""
    _, width, _, top, _, height = fused.transform
    rows = numpy.arange(fused.shape[0])
    if not fused.dataset.GetSpatialRef().IsGeographic():
        return numpy.full(len(rows), width), numpy.full(len(rows), -height)
    lat = numpy.radians(top + (rows + 0.5) * height)
    a, f = 6378137.0, 1 / 298.257223563
    e2 = f * (2 - f)
    meridian = a * (1 - e2) / (1 - e2 * numpy.sin(lat) ** 2) ** 1.5
    normal = a / numpy.sqrt(1 - e2 * numpy.sin(lat) ** 2)
    return numpy.radians(width) * normal * numpy.cos(lat), numpy.radians(-height) * meridian


def distance_inside(fused, valid, reach):
    """Ground distance of every valid pixel to the nearest invalid one, no more than `reach`: brute force, by offsets."""
    widths, heights = ground_pixel(fused)
    rows, columns = valid.shape
    distance = numpy.full(valid.shape, float(reach))
    distance[~valid] = 0
    down = int(reach / heights.min()) + 1
    across = int(reach / widths.min()) + 1
    padded = numpy.pad(~valid, ((down, down), (across, across)), mode="edge")
    for j in range(-down, down + 1):
        for i in range(-across, across + 1):
            metres = numpy.hypot(i * widths, j * heights)
            if metres.min() >= reach:
                continue
            invalid = padded[down + j:down + j + rows, across + i:across + i + columns]
            distance = numpy.where(invalid & valid, numpy.minimum(distance, metres[:, None]), distance)
    return distance


def feathered(base, layer, weight):
    """The design's formula: the layer alone where nothing lies beneath, the base where the layer has nothing."""
    blended = base * (1 - weight) + layer * weight
    return numpy.where(numpy.isnan(layer), base, numpy.where(numpy.isnan(base), layer, blended))
