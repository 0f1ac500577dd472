"""A coast of two GeoTIFFs on one UTM grid of 10 m: a base everywhere, a survey in the middle with a hole. The grid is that of the lattice, so a fused
pixel is a pixel of one of the files and every value is known."""

import dataclasses

import numpy
import policies
import small_rasters
from osgeo import gdal

WIDTH, HEIGHT, PIXEL = 640, 512, 10.0
LEFT, TOP = 512000.0, 4608000.0
BOX = (LEFT, TOP - HEIGHT * PIXEL, LEFT + WIDTH * PIXEL, TOP)
SURVEY = (slice(128, 384), slice(160, 480))  # rows, columns
HOLE = (slice(200, 210), slice(300, 320))


@dataclasses.dataclass
class Coast:
    """The files' paths, the policy that fuses them, and what must come out at level 0."""

    policy: str
    base: str
    survey: str
    elevation: numpy.ndarray

    @property
    def name(self):
        """A connection string with the extent that makes the raster exactly WIDTH x HEIGHT."""
        return f"TOPOBATHY:{self.policy}?" + "&".join(f"{key}={value}" for key, value in OPTIONS.items())

    @property
    def options(self):
        return [f"{key}={value}" for key, value in OPTIONS.items()]


OPTIONS = {"BBOX": ",".join(str(edge) for edge in BOX), "BBOX_CRS": "EPSG:32619"}


def read_band(name, number=1, options=()):
    """All pixels of one band of any raster. (A band must not outlive its dataset, so no test chains the two.)"""
    dataset = gdal.OpenEx(str(name), gdal.OF_RASTER, open_options=list(options))
    return dataset.GetRasterBand(number).ReadAsArray()


def make(folder, **root):
    """The coast in a folder; `root` holds more root keys of the policy."""
    base = small_rasters.slope(WIDTH, HEIGHT)
    survey = base[SURVEY] + 1000.0
    survey[HOLE[0].start - SURVEY[0].start:HOLE[0].stop - SURVEY[0].start,
           HOLE[1].start - SURVEY[1].start:HOLE[1].stop - SURVEY[1].start] = numpy.nan
    expected = base.copy()
    seen = ~numpy.isnan(survey)
    expected[SURVEY][seen] = survey[seen]
    base_path = small_rasters.write_geotiff(folder / "base.tif", base, (LEFT, TOP), PIXEL)
    survey_path = small_rasters.write_geotiff(
        folder / "survey.tif", numpy.where(seen, survey, -9999.0),
        (LEFT + SURVEY[1].start * PIXEL, TOP - SURVEY[0].start * PIXEL), PIXEL, nodata=-9999.0)
    steps = [policies.raster_step("base.tif", name="base"), policies.raster_step("survey.tif", name="survey")]
    policy = policies.policy(steps, name="Coast of two files", version="2.1", crs="EPSG:32619", resolution=PIXEL, **root)
    return Coast(policies.write(folder / "policy.yaml", policy), base_path, survey_path, expected)
