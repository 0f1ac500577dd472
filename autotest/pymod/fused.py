"""An opened policy with what tests ask of it: planes as arrays, the attribute table, counters, what made a pixel."""

import xml.etree.ElementTree as ElementTree

import numpy
from osgeo import gdal, osr


def horizontal(crs):
    """The horizontal part of a CRS in any spelling that GDAL reads, x before y."""
    srs = osr.SpatialReference()
    assert srs.SetFromUserInput(crs) == 0, crs
    if srs.IsCompound():
        srs.DemoteTo2D()
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return srs


def transformation(from_crs, to_crs):
    return osr.CoordinateTransformation(horizontal(from_crs), horizontal(to_crs))


def refusal_of(path):
    """The error that a policy meets on opening or on its first pixel: one message, and nothing else in the log."""
    messages = []
    gdal.PushErrorHandler(lambda severity, number, text: messages.append((severity, text)))
    gdal.DontUseExceptions()
    try:
        dataset = gdal.Open(path)
        if dataset is not None:
            assert dataset.GetRasterBand(1).ReadAsArray(0, 0, 1, 1) is None
    finally:
        gdal.UseExceptions()
        gdal.PopErrorHandler()
    assert [severity for severity, _ in messages] == [gdal.CE_Failure], messages
    return messages[0][1]


class Fused:
    """Opens a policy file (or connection string) with open options given as keywords."""

    def __init__(self, path, **options):
        self.dataset = gdal.OpenEx(str(path), open_options=[f"{key}={value}" for key, value in options.items()])
        self.transform = self.dataset.GetGeoTransform()
        self.crs = self.dataset.GetSpatialRef().ExportToWkt()
        self.shape = (self.dataset.RasterYSize, self.dataset.RasterXSize)

    def band(self, number, window=None):
        """A band as float64; `window` is (column, row, width, height)."""
        return self.dataset.GetRasterBand(number).ReadAsArray(*(window or ())).astype(numpy.float64)

    @property
    def elevation(self):
        return self.band(1)

    @property
    def uncertainty(self):
        return self.band(2)

    @property
    def ids(self):
        """Source ids, 0 where there is none."""
        return numpy.nan_to_num(self.band(3)).astype(numpy.int64)

    @property
    def surveys(self):
        """The survey name of every pixel, "" where there is none."""
        ids, places = numpy.unique(self.ids, return_inverse=True)  # read first: sources of archives are known from then on
        names = {row["value"]: row["source_survey_id"] for row in self.table()}
        words = numpy.array([names[i] if i else "" for i in ids])
        return words[places].reshape(self.shape)

    def table(self):
        """Rows of the Contributor band's attribute table."""
        table = self.dataset.GetRasterBand(3).GetDefaultRAT()
        rows = []
        for number in range(table.GetRowCount()):
            row = {}
            for column in range(table.GetColumnCount()):
                whole = table.GetTypeOfCol(column) == gdal.GFT_Integer
                read = table.GetValueAsInt if whole else table.GetValueAsString
                row[table.GetNameOfCol(column)] = read(number, column)
            rows.append(row)
        return rows

    def row_of(self, survey):
        """The one row of a survey."""
        (row,) = [row for row in self.table() if row["source_survey_id"] == survey]
        return row

    def counters(self):
        return {name: int(count) for name, count in self.dataset.GetMetadata("__DEBUG__").items()}

    def centres(self):
        """x and y of every pixel's centre, in the dataset's CRS."""
        origin_x, width, _, origin_y, _, height = self.transform
        x = origin_x + (numpy.arange(self.shape[1]) + 0.5) * width
        y = origin_y + (numpy.arange(self.shape[0]) + 0.5) * height
        return numpy.meshgrid(x, y)

    def pixel(self, lon, lat):
        """(column, row) of a place."""
        x, y, _ = transformation("EPSG:4326", self.crs).TransformPoint(lon, lat)
        column = int(numpy.floor((x - self.transform[0]) / self.transform[1]))
        row = int(numpy.floor((y - self.transform[3]) / self.transform[5]))
        assert 0 <= column < self.shape[1] and 0 <= row < self.shape[0], (lon, lat)
        return column, row

    def at(self, lon, lat):
        """(elevation, uncertainty, survey) of a place, read as one pixel."""
        column, row = self.pixel(lon, lat)
        elevation, uncertainty, source = (float(self.band(b, (column, row, 1, 1))[0, 0]) for b in (1, 2, 3))
        names = {entry["value"]: entry["source_survey_id"] for entry in self.table()}
        return elevation, uncertainty, names.get(int(source)) if source == source else None

    def location(self, lon, lat):
        """The LocationInfo element of a place."""
        item = "Pixel_{}_{}".format(*self.pixel(lon, lat))
        return ElementTree.fromstring(self.dataset.GetRasterBand(1).GetMetadataItem(item, "LocationInfo"))

    def assert_every_pixel_named(self):
        """A pixel has an elevation exactly where it has a source, and every source has one complete row."""
        ids = self.ids
        assert numpy.array_equal(numpy.isfinite(self.elevation), ids > 0)
        rows = {row["value"]: row for row in self.table()}
        assert set(numpy.unique(ids)) - {0} <= set(rows)
        for row in rows.values():
            assert row["provider"] and row["source_survey_id"] and row["category"]
            assert 1 <= row["value"] < 2**24
