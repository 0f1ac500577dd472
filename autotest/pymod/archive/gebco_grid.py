"""A world of 15 arc-seconds: the sample coast's global layer where that is, a plain formula elsewhere. South and west first."""

import functools
import threading

import numpy as np

from sample_terrain import Terrain

from .dap2 import Array, Dataset

ROWS, COLUMNS, PER_DEGREE = 43200, 86400, 240
# The window that shows the made-up ground, less 2 m, in whole metres: pixel for pixel global_15s.nc of the sample coast.
WEST, SOUTH, EAST, NORTH = -71.5, 42.5, -70.0, 43.5
OFFSET = -2.0
_lock = threading.Lock()


def latitude(rows):
    return -90.0 + (np.asarray(rows) + 0.5) / PER_DEGREE


def longitude(columns):
    return -180.0 + (np.asarray(columns) + 0.5) / PER_DEGREE


def elevation(rows, columns):
    """Metres, int16, of rows x columns."""
    rows, columns = np.asarray(rows)[:, None], np.asarray(columns)[None, :]
    return _in_region(rows, columns, formula(rows, columns), _ground())


def tid(rows, columns):
    """What each value was made from: 0 on land; multibeam, singlebeam and prediction by blocks of a quarter degree at sea."""
    metres = elevation(rows, columns)
    rows, columns = np.asarray(rows)[:, None], np.asarray(columns)[None, :]
    kinds = np.array([11, 10, 40, 17, 42, 70], np.uint8)[(rows // 60 + columns // 60) % 6]
    return np.where(metres >= 0, np.uint8(0), kinds)


def formula(rows, columns):
    """Away from the sample coast: ridges of 10 degrees that meet over the antimeridian, higher towards the poles."""
    return (-3000 + np.abs(rows - ROWS // 2) // 10 + np.abs(columns % 2400 - 1200)).astype(np.int16)


def _first(degrees, origin):
    return round((degrees - origin) * PER_DEGREE)


def _in_region(rows, columns, outside, ground):
    row, column = rows - _first(SOUTH, -90.0), columns - _first(WEST, -180.0)
    inside = (row >= 0) & (row < ground.shape[0]) & (column >= 0) & (column < ground.shape[1])
    picked = ground[np.clip(row, 0, ground.shape[0] - 1), np.clip(column, 0, ground.shape[1] - 1)]
    return np.where(inside, picked, outside)


def _ground():
    with _lock:
        return _computed_ground()


@functools.lru_cache(maxsize=1)
def _computed_ground():
    rows = np.arange(_first(SOUTH, -90.0), _first(NORTH, -90.0))
    columns = np.arange(_first(WEST, -180.0), _first(EAST, -180.0))
    metres = Terrain().at(longitude(columns)[None, :], latitude(rows)[:, None], fine=False)
    return np.floor(metres + OFFSET + 0.5).astype(np.int16)


def dataset(variable):
    maps = (Array("lat", "Float64", ("lat",), latitude), Array("lon", "Float64", ("lon",), longitude))
    lengths = {"lat": ROWS, "lon": COLUMNS}
    if variable == "tid":
        return Dataset(Array("tid", "Byte", ("lat", "lon"), tid), maps, lengths, TID_ATTRIBUTES)
    return Dataset(Array("elevation", "Int16", ("lat", "lon"), elevation), maps, lengths, ELEVATION_ATTRIBUTES)


_MAPS = """\
    lat {
        String standard_name "latitude";
        String units "degrees_north";
        String axis "Y";
    }
    lon {
        String standard_name "longitude";
        String units "degrees_east";
        String axis "X";
    }
"""
ELEVATION_ATTRIBUTES = f"""\
Attributes {{
{_MAPS}    elevation {{
        String standard_name "height_above_mean_sea_level";
        String long_name "Elevation relative to sea level";
        String units "m";
        Int16 _FillValue -32767;
    }}
    NC_GLOBAL {{
        String Conventions "CF-1.6";
        String title "The GEBCO Grid - made up for tests";
        String institution "On behalf of the General Bathymetric Chart of the Oceans (GEBCO)";
    }}
}}
"""
TID_ATTRIBUTES = f"""\
Attributes {{
{_MAPS}    tid {{
        String long_name "Type identifier";
        Byte flag_values 0, 10, 11, 17, 40, 42, 70;
    }}
    NC_GLOBAL {{
        String Conventions "CF-1.6";
        String title "The GEBCO Type Identifier Grid - made up for tests";
    }}
}}
"""
