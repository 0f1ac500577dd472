"""PROJ's grids: linear ones over the sample coast under their real names, real ones for Puerto Rico and the world's EGM96."""

import json

import numpy as np
from osgeo import gdal

import sample_formats

from . import datums
from .s3 import Bucket

HOST = "cdn.proj.org"
BOX = (-72.0, 42.0, -69.0, 44.0)  # of the made grids, nodes
PER_DEGREE = 60
MADE = {"us_noaa_g2018u0.tif": (datums.geoid, "EPSG:6319", "EPSG:5703"),
        "us_nga_egm08_25.tif": (datums.egm2008, "EPSG:4979", "EPSG:3855")}
REAL = ("us_noaa_g2018p0.tif", "us_noaa_g2012bp0.tif", "us_nga_egm96_15.tif")


def hosts(store, contents):
    return {HOST: Bucket(store, HOST)}


def make(builder):
    for name, (surface, source, target) in MADE.items():
        _geoid(builder, name, surface, source, target)
    for name in REAL:
        builder.copy(builder.data / "vgrid" / name, f"https://{HOST}/{name}")
    kind = "VERTICAL_OFFSET_GEOGRAPHIC_TO_VERTICAL"
    features = [{"type": "Feature", "properties": {"name": name, "url": f"https://{HOST}/{name}", "type": kind}, "geometry": None}
                for name in (*MADE, *REAL)]
    builder.write(f"https://{HOST}/files.geojson", json.dumps({"type": "FeatureCollection", "features": features}))


def _geoid(builder, name, surface, source, target):
    """A GTG file: nodes are pixel centres, tags as PROJ wants them."""
    west, south, east, north = BOX
    columns, rows = round((east - west) * PER_DEGREE) + 1, round((north - south) * PER_DEGREE) + 1
    lon = west + np.arange(columns) / PER_DEGREE
    lat = north - np.arange(rows) / PER_DEGREE
    raster = gdal.GetDriverByName("MEM").Create("", columns, rows, 1, gdal.GDT_Float32)
    half = 0.5 / PER_DEGREE
    raster.SetGeoTransform((west - half, 1 / PER_DEGREE, 0, north + half, 0, -1 / PER_DEGREE))
    raster.SetSpatialRef(sample_formats.spatial_ref(source))
    raster.SetMetadata({"TYPE": "VERTICAL_OFFSET_GEOGRAPHIC_TO_VERTICAL", "AREA_OR_POINT": "Point", "area_of_use": "Sample coast",
                        "target_crs_epsg_code": target.split(":")[1]})
    band = raster.GetRasterBand(1)
    band.SetDescription("geoid_undulation")
    band.SetUnitType("metre")
    band.WriteArray(surface(lon[None, :], lat[:, None]).astype(np.float32))
    url = f"https://{HOST}/{name}"
    options = ["COMPRESS=DEFLATE", "TILED=YES", "BLOCKXSIZE=256", "BLOCKYSIZE=256"]
    gdal.GetDriverByName("GTiff").CreateCopy(builder.path(url), raster, options=options)
    builder.add("proj", url, list(BOX), facts={"vertical": target})
