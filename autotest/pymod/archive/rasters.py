"""Writers of rasters for the archives: a whole published tile of which only a part holds data, so that it stays small."""

import dataclasses

import numpy as np
from osgeo import gdal, osr

import sample_formats

LEVELS = (2, 4, 8, 16, 32)  # overviews


@dataclasses.dataclass(frozen=True)
class Tile:
    """North-up pixels of a published tile."""

    crs: str
    left: float
    top: float
    size: float  # of a pixel, in units of the CRS
    width: int
    height: int

    @property
    def geotransform(self):
        return (self.left, self.size, 0.0, self.top, 0.0, -self.size)

    @property
    def box(self):
        return [self.left, self.top - self.size * self.height, self.left + self.size * self.width, self.top]

    def window(self, box):
        """Columns and rows (col, row, width, height) around a box in the CRS of the tile, starting at a multiple of the
        coarsest overview's factor so that its pixels are whole."""
        step = LEVELS[-1]
        west, south, east, north = box
        col = max(int((west - self.left) / self.size) // step * step, 0)
        row = max(int((self.top - north) / self.size) // step * step, 0)
        right = min(int(np.ceil((east - self.left) / self.size)), self.width)
        bottom = min(int(np.ceil((self.top - south) / self.size)), self.height)
        return col, row, right - col, bottom - row

    def centres(self, window):
        """x as a row and y as a column of the pixel centres of a window."""
        col, row, width, height = window
        x = self.left + (col + np.arange(width) + 0.5) * self.size
        y = self.top - (row + np.arange(height) + 0.5) * self.size
        return x[None, :], y[:, None]


def write_sparse_cog(path, tile, window, values, nodata, gdal_type=gdal.GDT_Float32):
    """The tile with `values` in a window and nothing (nodata, or 0 without one) around: tiled, overviews first, and blocks
    without data are not stored."""
    options = ["TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512", "SPARSE_OK=TRUE", "COMPRESS=LZW",
               f"PREDICTOR={3 if gdal_type == gdal.GDT_Float32 else 2}"]
    scratch = f"/vsimem/archive/{id(values)}.tif"
    raster = gdal.GetDriverByName("GTiff").Create(scratch, tile.width, tile.height, 1, gdal_type, options[:4])
    raster.SetGeoTransform(tile.geotransform)
    raster.SetSpatialRef(sample_formats.spatial_ref(tile.crs))
    band = raster.GetRasterBand(1)
    if nodata is not None:
        band.SetNoDataValue(nodata)
    band.WriteArray(values, window[0], window[1])
    levels = [level for level in LEVELS if max(tile.width, tile.height) // level >= 256]
    raster.BuildOverviews("NONE", levels)
    for number, level in enumerate(levels):
        overview = band.GetOverview(number)
        coarse = _averaged(values, level, nodata)
        rows = min(coarse.shape[0], overview.YSize - window[1] // level)
        columns = min(coarse.shape[1], overview.XSize - window[0] // level)
        overview.WriteArray(coarse[:rows, :columns], window[0] // level, window[1] // level)
    del band, raster
    source = gdal.Open(scratch)
    gdal.GetDriverByName("GTiff").CreateCopy(path, source, options=options + ["COPY_SRC_OVERVIEWS=YES"])
    del source
    gdal.Unlink(scratch)


def _averaged(values, factor, nodata):
    """Means of the valid pixels of each square of `factor` pixels."""
    padding = [(0, -length % factor) for length in values.shape]
    empty = 0 if nodata is None else nodata
    squares = np.pad(values.astype(np.float64), padding, constant_values=empty)
    squares = squares.reshape(squares.shape[0] // factor, factor, squares.shape[1] // factor, factor)
    valid = np.ones(squares.shape, bool) if nodata is None else squares != nodata
    count = valid.sum(axis=(1, 3))
    mean = np.where(valid, squares, 0.0).sum(axis=(1, 3)) / np.maximum(count, 1)
    mean = np.where(count > 0, mean, empty)
    return (np.round(mean) if np.issubdtype(values.dtype, np.integer) else mean).astype(values.dtype)


def lonlat_box(path_or_dataset):
    """west, south, east, north in degrees of a file's outline; edges with many points, for they are curved."""
    dataset = gdal.Open(path_or_dataset) if isinstance(path_or_dataset, str) else path_or_dataset
    left, dx, _, top, _, dy = dataset.GetGeoTransform()
    right, bottom = left + dx * dataset.RasterXSize, top + dy * dataset.RasterYSize
    horizontal = dataset.GetSpatialRef().Clone()
    horizontal.StripVertical()
    horizontal.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return projected_box(horizontal, (left, bottom, right, top))


def projected_box(spatial_ref, box):
    if isinstance(spatial_ref, str):
        spatial_ref = sample_formats.spatial_ref(spatial_ref)
    to_degrees = osr.CoordinateTransformation(spatial_ref, sample_formats.spatial_ref("EPSG:4326"))
    return list(to_degrees.TransformBounds(*box, 21))
