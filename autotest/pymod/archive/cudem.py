"""CUDEM, NCEI's coastal tiles of 1/9 arc-second, in the bucket of NOAA's coastal lidar."""

import numpy as np

import sample_formats
from sample_coast import Grid, quantised

from .rasters import lonlat_box
from .tile_index import shapefile_zip

BUCKET = "https://noaa-nos-coastal-lidar-pds.s3.amazonaws.com/"
FOLDER = BUCKET + "dem/NCEI_ninth_Topobathy_2014_8483/"
REGION = "MA_NH_ME"
INDEX = "tileindex_NCEI_ninth_Topobathy_2014"


def make(builder):
    for name in ("ncei19_n43x00_w071x00_2021v1.tif", "ncei19_n43x00_w070x75_2021v1.tif"):
        builder.copy(builder.coast / name, _url(name))
        _add(builder, name, builder.manifest[name]["offset"], 2021)
    _older_edition(builder)
    real = "ncei19_n42x75_w070x75_2021v1.tif"  # a window of the real tile, at Gloucester
    builder.copy(builder.data / "topobathy" / "cudem_wingaersheek_ma_3m_navd88.tif", _url(real))
    _add(builder, real, None, 2021)
    _indexes(builder)


def _url(name):
    return f"{FOLDER}{REGION}/{name}"


def _add(builder, name, offset, year):
    builder.add("ncei_cudem", _url(name), lonlat_box(builder.path(_url(name))), offset, 3.4, "NAVD88", year,
                facts={"region": REGION, "cell": "_".join(name.split("_")[:3])})


def _older_edition(builder):
    """Of the western cell, listed too and 5 m too low: only the newest may be used."""
    name, offset = "ncei19_n43x00_w071x00_2014v1.tif", -5.0
    grid = Grid.geographic("EPSG:4269", (-70.80, 42.965, -70.75, 43.0), 10800, margin=2)
    z = builder.terrain.at(*grid.lonlat())
    sample_formats.write_cog(builder.path(_url(name)), grid, np.where(z < 21.0, quantised(z + offset), np.float32(-99999.0)), -99999.0)
    _add(builder, name, offset, 2014)


def _indexes(builder):
    items = [item for item in builder.items if item.archive == "ncei_cudem"]
    builder.write(FOLDER + "urllist8483.txt", "".join(f"{item.url}\n" for item in items))
    rows = [(item.box, (f"{REGION}/{item.name}", "EPSG:4269", item.url)) for item in items]
    builder.write(f"{FOLDER}{INDEX}.zip", shapefile_zip(INDEX, "EPSG:4269", ("location", "srs", "URL"), rows))
    links = "\n".join(f'<a href="{link}">{link}</a>' for link in (f"{INDEX}.zip", "urllist8483.txt", f"{REGION}/index.html"))
    builder.write(FOLDER + "index.html", f"<html><body><h1>NCEI ninth arc-second topobathy</h1>\n{links}\n</body></html>")
