#!/usr/bin/python3
"""Make the sample coast: a small made-up piece of New Hampshire in the formats of the real archives.

    sample_coast.py OUTDIR

Every file samples the same ground (sample_terrain.py) plus an offset of its own, so that seams and blends between sources
can be seen and tested. OUTDIR/manifest.json says for each file: layer, offset, noise, footprint, nodata, datum.
Pixels are the same on every machine. A second run does nothing unless a file is missing or this generator changed.
"""

import dataclasses
import fcntl
import hashlib
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import numpy as np
from osgeo import gdal, osr

import sample_formats
from sample_terrain import CENTRE_LAT, CENTRE_LON, KM_PER_DEGREE_LAT, KM_PER_DEGREE_LON, Terrain

EXTENT = (-70.80, 42.96, -70.70, 43.04)  # of the example policies; the files reach beyond it
QUANTUM = 1.0 / 128.0  # metres; finer digits would be noise and triple the files
UTM = "EPSG:26919"


@dataclasses.dataclass(frozen=True)
class Grid:
    """North-up pixels: `left`, `top` in units of the CRS, first pixel counted from the CRS origin in `col`, `row`."""

    crs: str
    col: int
    row: int
    width: int
    height: int
    per_unit: int  # pixels in one degree, or 1 / pixel size; kept whole so that edges are exact
    size: float

    @classmethod
    def geographic(cls, crs, box, per_degree, margin=0):
        west, south, east, north = (round(edge * per_degree) for edge in box)
        return cls(crs, west - margin, -north - margin, east - west + 2 * margin, north - south + 2 * margin,
                   per_degree, 1.0 / per_degree)

    @classmethod
    def utm(cls, crs, box, metres):
        corners = [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
        points = transform("EPSG:4326", UTM, corners)
        west, east = (round(f(p[0] for p in points) / metres) for f in (min, max))
        south, north = (round(f(p[1] for p in points) / metres) for f in (min, max))
        return cls(crs, west, -north, east - west, north - south, 1, metres)

    @property
    def geotransform(self):
        scale = (lambda n: n / self.per_unit) if self.per_unit > 1 else (lambda n: n * self.size)
        return (scale(self.col), self.size, 0.0, scale(-self.row), 0.0, -self.size)

    def lonlat(self):
        """Pixel centres in degrees: a row and a column vector (geographic) or two planes (UTM)."""
        if self.per_unit > 1:
            lon = (self.col + np.arange(self.width) + 0.5) / self.per_unit
            lat = (-self.row - np.arange(self.height) - 0.5) / self.per_unit
            return lon[None, :], lat[:, None]
        return self._utm_lonlat(step=16)  # between exact points 16 pixels apart the error is below a millimetre

    def _utm_lonlat(self, step):
        columns = np.arange(0, self.width + step, step)
        rows = np.arange(0, self.height + step, step)
        x, y = np.meshgrid((self.col + columns + 0.5) * self.size, (-self.row - rows - 0.5) * self.size)
        points = np.array(transform(UTM, "EPSG:4326", np.stack([x.ravel(), y.ravel()], 1).tolist()))
        planes = []
        for axis in (0, 1):
            coarse = points[:, axis].reshape(x.shape)
            row, row_part = np.divmod(np.arange(self.height), step)
            col, col_part = np.divmod(np.arange(self.width), step)
            down = (row_part / step)[:, None]
            along = (col_part / step)[None, :]
            lines = coarse[row] * (1.0 - down) + coarse[row + 1] * down
            planes.append(lines[:, col] * (1.0 - along) + lines[:, col + 1] * along)
        return planes

    def noise(self, seed):
        """Triangular noise in (-1, 1) of the pixel's absolute index: files that share pixels share its values."""
        return _uniform(self, 2 * seed) + _uniform(self, 2 * seed + 1) - 1.0

    def footprint(self):
        """west, south, east, north in degrees."""
        left, dx, _, top, _, dy = self.geotransform
        right, bottom = left + dx * self.width, top + dy * self.height
        if self.per_unit > 1:
            return [left, bottom, right, top]
        points = transform(UTM, "EPSG:4326", [(x, y) for x in (left, right) for y in (bottom, top)])
        return [f(p[axis] for p in points) for f, axis in ((min, 0), (min, 1), (max, 0), (max, 1))]


def transform(source, target, points):
    transformation = osr.CoordinateTransformation(
        sample_formats.spatial_ref(source), sample_formats.spatial_ref(target))
    return [point[:2] for point in transformation.TransformPoints(points)]


def _uniform(grid, seed):
    """Uniform [0, 1) per pixel: two rounds of a 64-bit multiply-xorshift mixer over (seed, row, column)."""
    with np.errstate(over="ignore"):
        column = (grid.col + np.arange(grid.width)).astype(np.int64).astype(np.uint64)[None, :]
        row = (grid.row + np.arange(grid.height)).astype(np.int64).astype(np.uint64)[:, None]
        key = row * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed) * np.uint64(0xD1B54A32D192ED03)
        bits = (column ^ key) * np.uint64(0xFF51AFD7ED558CCD)
        bits ^= bits >> np.uint64(32)
        bits *= np.uint64(0xC4CEB9FE1A85EC53)
        bits ^= bits >> np.uint64(29)
    return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53


def quantised(metres):
    return (np.floor(metres / QUANTUM + 0.5) * QUANTUM).astype(np.float32)


def survey_area(lon, lat, centre, half_length, half_width):
    """Kilometres along and across a survey whose lines run along (0.8, 0.6), and whether a point is inside."""
    x = (lon - CENTRE_LON) * KM_PER_DEGREE_LON - centre[0]
    y = (lat - CENTRE_LAT) * KM_PER_DEGREE_LAT - centre[1]
    along, across = 0.8 * x + 0.6 * y, 0.8 * y - 0.6 * x
    return along, across, (np.abs(along) < half_length) & (np.abs(across) < half_width)


class SampleCoast:
    """Writes the files into a folder and remembers what it wrote in `files`."""

    def __init__(self, folder):
        self._folder = folder
        self._terrain = Terrain()
        self.files = []

    def write(self):
        self._global()
        self._land()
        self._coastal()
        self._bluetopo()
        self._surveys()
        self._lidar()

    def _path(self, name):
        return os.path.join(self._folder, name)

    def _record(self, name, layer, grid, **facts):
        self.files.append({"file": name, "layer": layer, "crs": grid.crs, "pixel_size": grid.size,
                           "size": [grid.width, grid.height], "footprint": grid.footprint(), **facts})

    def _global(self):
        name, offset = "global_15s.nc", -2.0
        grid = Grid.geographic("EPSG:4326", (-71.5, 42.5, -70.0, 43.5), 240)
        metres = np.floor(self._terrain.at(*grid.lonlat(), fine=False) + offset + 0.5)
        sample_formats.write_netcdf(self._path(name), grid, metres.astype(np.int16), -32767)
        self._record(name, "global", grid, driver="netCDF", offset=offset, noise=0.0, quantum=1.0, fine=False,
                     nodata=-32767, vertical_datum="mean sea level")

    def _land(self):
        name, offset, noise, nodata = "USGS_13_n43w071_land.tif", 1.0, 0.02, -999999.0
        grid = Grid.geographic("EPSG:4269", (-70.83, 42.93, -70.695, 43.07), 10800)
        z = self._terrain.at(*grid.lonlat())
        metres = quantised(z + offset + noise * grid.noise(2))
        sample_formats.write_cog(self._path(name), grid, np.where(z > 0.0, metres, np.float32(nodata)), nodata)
        self._record(name, "land", grid, driver="GTiff", offset=offset, noise=noise, quantum=QUANTUM, fine=True,
                     nodata=nodata, vertical_datum="NAVD88")

    def _coastal(self):
        # Neighbours of a series overlap by 12 pixels, where they hold the same values; their nodata differ, as in the archive.
        tiles = (("ncei19_n43x00_w071x00_2021v1.tif", (-70.80, 42.965, -70.75, 43.0), -99999.0),
                 ("ncei19_n43x00_w070x75_2021v1.tif", (-70.75, 42.965, -70.712, 43.0), -9999.0))
        offset, noise = 0.5, 0.03
        for name, box, nodata in tiles:
            grid = Grid.geographic("EPSG:4269", box, 32400, margin=6)
            lon, lat = grid.lonlat()
            z = self._terrain.at(lon, lat)
            patches = self._terrain.patches(lon, lat)
            inside = (z + 3.0 * patches > -17.0) & (z + 4.0 * patches < 21.0)
            metres = quantised(z + offset + noise * grid.noise(3))
            sample_formats.write_cog(self._path(name), grid, np.where(inside, metres, np.float32(nodata)), nodata)
            self._record(name, "coastal", grid, driver="GTiff", offset=offset, noise=noise, quantum=QUANTUM,
                         fine=True, nodata=nodata, vertical_datum="NAVD88")

    def _bluetopo(self):
        name, offset, noise = "BlueTopo_BH4SAMPL_20240601.tiff", -0.75, 0.05
        grid = Grid.utm("EPSG:26919+5703", (-70.772, 42.95, -70.69, 43.05), 8.0)
        lon, lat = grid.lonlat()
        z = self._terrain.at(lon, lat)
        sea = z < -0.8
        ids = np.where(sea, self._contributor(lon, lat), np.float32("nan")).astype(np.float32)
        metres = np.where(sea, quantised(z + offset + noise * grid.noise(4)), np.float32("nan"))
        fixed, variable = np.zeros(z.shape), np.zeros(z.shape)
        for contributor in CONTRIBUTORS:
            here = ids == contributor["value"]
            fixed[here] = contributor["vertical_uncert_fixed"]
            variable[here] = contributor["vertical_uncert_var"]
        sigma = np.where(sea, quantised(np.sqrt(fixed * fixed + variable * variable * z * z)), np.float32("nan"))
        sample_formats.write_bluetopo(self._path(name), grid, metres, sigma, ids, CONTRIBUTORS)
        self._record(name, "bluetopo", grid, driver="GTiff", offset=offset, noise=noise, quantum=QUANTUM, fine=True,
                     nodata="nan", vertical_datum="NAVD88", contributors=CONTRIBUTORS)

    def _contributor(self, lon, lat):
        """Which survey a BlueTopo pixel comes from: a modern block, lidar inshore, an old survey, charts between."""
        x = (lon - CENTRE_LON) * KM_PER_DEGREE_LON
        y = (lat - CENTRE_LAT) * KM_PER_DEGREE_LAT
        patches = self._terrain.patches(lon + 0.3, lat)
        ids = np.full(lon.shape, 8981.0)
        ids[y + 0.5 * x > 1.2] = 14752.0
        ids[(x + 0.25 * patches < 0.35) & (y > -3.2)] = 14780.0
        ids[(x > 1.9) & (y < -0.6 + 0.2 * patches)] = 47944.0
        ids[patches > 1.45] = 0.0
        return ids

    def _surveys(self):
        self._survey("H19901_MB_4m_MLLW_1of1.bag", 4.0, -1.5, (0.15, -1.6), 1.35, 0.85, 0.18, "2019-06-14", seed=5)
        spikes = 12
        self._survey("H19902_MB_8m_MLLW_1of1.bag", 8.0, 1.0, (1.55, -0.65), 1.75, 1.20, 0.32, "2011-09-02", seed=6,
                     spikes=spikes)

    def _survey(self, name, metres_per_pixel, offset, centre, half_length, half_width, sigma, date, seed, spikes=0):
        reach_x = (0.8 * half_length + 0.6 * half_width) / KM_PER_DEGREE_LON
        reach_y = (0.6 * half_length + 0.8 * half_width) / KM_PER_DEGREE_LAT
        lon0 = CENTRE_LON + centre[0] / KM_PER_DEGREE_LON
        lat0 = CENTRE_LAT + centre[1] / KM_PER_DEGREE_LAT
        box = (lon0 - reach_x, lat0 - reach_y, lon0 + reach_x, lat0 + reach_y)
        grid = Grid.utm(UTM, box, metres_per_pixel)
        lon, lat = grid.lonlat()
        z = self._terrain.at(lon, lat)
        along, across, inside = survey_area(lon, lat, centre, half_length, half_width)
        patches = self._terrain.patches(lon - 0.2, lat + 0.1)
        line = across / 0.12 - np.floor(across / 0.12)  # lines 120 m apart
        holiday = (line < 0.12) & (patches > 0.4) & (along - np.floor(along) < 0.6)
        valid = inside & (z < -3.5) & (patches < 1.5) & ~holiday
        noise = 0.08
        metres = quantised(z + offset + noise * grid.noise(seed))
        fliers = self._add_spikes(metres, valid, spikes, grid)
        uncertainty = quantised(sigma - 0.011 * z + 0.05 * np.abs(grid.noise(seed + 20)))
        empty = np.float32(1e6)
        sample_formats.write_bag(self._path(name), grid, np.where(valid, metres, empty),
                                 np.where(valid, uncertainty, empty), name.split("_")[0], date)
        self._record(name, "survey", grid, driver="BAG", offset=offset, noise=noise, quantum=QUANTUM, fine=True,
                     nodata=1e6, vertical_datum="MLLW", date=date, spikes=fliers)

    @staticmethod
    def _add_spikes(metres, valid, count, grid):
        """Raises `count` single pixels well inside the survey by 14 m, as an unedited flier does; says which."""
        if count == 0:
            return []
        candidates = np.flatnonzero(valid)
        chosen = candidates[(np.arange(count) * 2 + 1) * candidates.size // (2 * count)]
        fliers = []
        for row, col in zip(*np.unravel_index(chosen, valid.shape)):
            metres[row, col] += np.float32(14.0)
            fliers.append([int(col), int(row)])
        return fliers

    def _lidar(self):
        name, offset, noise, nodata = "2022_shore_lidar_dem_2m.tif", 0.25, 0.06, -9999.0
        grid = Grid.utm("EPSG:6348", (-70.7735, 42.9965, -70.7535, 43.024), 2.0)
        lon, lat = grid.lonlat()
        z = self._terrain.at(lon, lat)
        x = (lon - CENTRE_LON) * KM_PER_DEGREE_LON
        inside = (z > -1.2) & (np.abs(x + 0.95 + 0.08 * self._terrain.patches(lon, lat)) < 0.72)
        metres = quantised(z + offset + noise * grid.noise(7))
        sample_formats.write_geotiff(self._path(name), grid, np.where(inside, metres, np.float32(nodata)), nodata)
        self._record(name, "lidar", grid, driver="GTiff", offset=offset, noise=noise, quantum=QUANTUM, fine=True,
                     nodata=nodata, vertical_datum="NAVD88")


def _contributor_row(value, survey, institution, start, end, fixed, variable, **more):
    return {"value": value, "source_survey_id": survey, "source_institution": institution,
            "survey_date_start": start, "survey_date_end": end, "vertical_uncert_fixed": fixed,
            "vertical_uncert_var": variable, **more}


COAST_SURVEY = "DOC/NOAA/NOS/OCS -- Office of Coast Survey"
CONTRIBUTORS = [  # made-up surveys; value 0 is what the archive uses for its own interpolation
    _contributor_row(0, "NBS Generalization", COAST_SURVEY, "N/A", "N/A", 3.0, 0.10, data_assessment=3, coverage=0,
                     bathy_coverage=0),
    _contributor_row(14780, "H19903_LI_3m_MLLW_1of1", COAST_SURVEY, "2016-04-02", "2016-05-15", 0.5, 0.013),
    _contributor_row(8981, "H09904", COAST_SURVEY, "1981-07-01", "1981-10-31", 1.0, 0.023),
    _contributor_row(14752, "H19905_MB_8m_MLLW_2of3", COAST_SURVEY, "2014-08-20", "2014-10-05", 0.5, 0.013),
    _contributor_row(47944, "Job199_2019_topobathy_dem_000", "DOC/NOAA/NOS/NGS/RSD -- Remote Sensing Division",
                     "2019-06-01", "2019-07-12", 0.6, 0.02),
]


def generator_hash():
    digest = hashlib.sha256()
    here = os.path.dirname(os.path.abspath(__file__))
    for name in ("sample_coast.py", "sample_formats.py", "sample_terrain.py"):
        with open(os.path.join(here, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def is_current(folder, stamp):
    """The stamp holds the generator's hash and every file with its size."""
    try:
        with open(os.path.join(folder, ".stamp"), encoding="utf-8") as file:
            hash_line, *lines = file.read().splitlines()
        sizes = dict(line.rsplit(" ", 1) for line in lines)
        return hash_line == stamp and all(
            os.path.getsize(os.path.join(folder, name)) == int(size) for name, size in sizes.items())
    except (OSError, ValueError):
        return False


def make_sample_coast(folder):
    """Fills `folder` unless it is complete; returns True if it wrote. Safe against a second process doing the same."""
    os.makedirs(folder, exist_ok=True)
    stamp = generator_hash()
    with open(os.path.join(folder, ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_current(folder, stamp):
            return False
        _make(folder, stamp)
    return True


def _make(folder, stamp):
    was_using_exceptions = gdal.GetUseExceptions()
    gdal.UseExceptions()
    work = tempfile.mkdtemp(prefix=".new-", dir=folder)
    try:
        coast = SampleCoast(work)
        coast.write()
        sample_formats.write_json(os.path.join(work, "manifest.json"), {"extent": list(EXTENT), "files": coast.files})
        names = sorted(os.listdir(work))
        sizes = "".join(f"{name} {os.path.getsize(os.path.join(work, name))}\n" for name in names)
        for name in names:
            os.replace(os.path.join(work, name), os.path.join(folder, name))
        with open(os.path.join(work, ".stamp"), "w", encoding="utf-8") as file:
            file.write(f"{stamp}\n{sizes}")
        os.replace(os.path.join(work, ".stamp"), os.path.join(folder, ".stamp"))  # last: vouches for the rest
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if not was_using_exceptions:
            gdal.DontUseExceptions()


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    wrote = make_sample_coast(sys.argv[1])
    print(f"sample coast {'written to' if wrote else 'is up to date in'} {sys.argv[1]}")
