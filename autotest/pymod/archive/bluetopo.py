"""NOAA BlueTopo: one bucket with a tile scheme, tiles of three bands and their attribute tables."""

import hashlib
import xml.etree.ElementTree as ElementTree

import numpy as np
from osgeo import gdal, ogr

import sample_formats
from sample_coast import CONTRIBUTORS, Grid, quantised

from .rasters import lonlat_box
from .s3 import Bucket

HOST = "noaa-ocs-nationalbathymetry-pds.s3.amazonaws.com"
BASE = f"https://{HOST}/"
SCHEME = BASE + "BlueTopo/_BlueTopo_Tile_Scheme/BlueTopo_Tile_Scheme_20251219_145659.gpkg"
MODELING_SCHEME = (BASE + "Test-and-Evaluation/Modeling/_Modeling_Tile_Scheme/Modeling_Tile_Scheme_20251219_145659.gpkg")
FIELDS = ("tile", "GeoTIFF_Link", "RAT_Link", "Delivered_Date", "Resolution", "UTM", "GeoTIFF_SHA256_Checksum",
          "RAT_SHA256_Checksum")


def hosts(store, contents):
    return {HOST: Bucket(store, HOST, private=("Internal/",))}


def make(builder):
    tiles = [_sample_tile(builder), _made_tile(builder, "BH4SAMP4", 4.0, (-70.735, 42.94, -70.715, 42.95), -0.5),
             _puerto_rico(builder)]
    _write_scheme(builder, SCHEME, tiles + _undelivered(builder))
    modeling = _made_tile(builder, "BH4SAMPM", 16.0, (-70.76, 42.96, -70.69, 42.99), 0.9, product="Modeling")
    _write_scheme(builder, MODELING_SCHEME, [modeling])


def tile_url(tile, date, product="BlueTopo"):
    folder = "BlueTopo" if product == "BlueTopo" else f"Test-and-Evaluation/{product}"
    return f"{BASE}{folder}/{tile}/{product}_{tile}_{date}.tiff"


def _sample_tile(builder):
    """The sample coast's: 8 m, NAVD88 in the CRS."""
    name = "BlueTopo_BH4SAMPL_20240601.tiff"
    url = tile_url("BH4SAMPL", "20240601")
    builder.copy(builder.coast / name, url)
    builder.copy(builder.coast / f"{name}.aux.xml", url + ".aux.xml")
    return _row(builder, url, "8m", builder.manifest[name]["offset"], "NAVD88")


def _made_tile(builder, tile, metres, box, offset, product="BlueTopo"):
    """The sea of the made-up ground on a grid of its own."""
    navd88 = product == "BlueTopo"
    grid = Grid.utm("EPSG:26919+5703" if navd88 else "EPSG:26919", box, metres)
    url = tile_url(tile, "20250102", product)
    z = builder.terrain.at(*grid.lonlat())
    nan = np.float32("nan")
    sea = z < -0.8
    contributors = [row for row in CONTRIBUTORS if row["value"] in (8981, 14752)]
    ids = np.where(sea, np.where(z < -12.0, 14752.0, 8981.0), nan).astype(np.float32)
    elevation = np.where(sea, quantised(z + offset), nan)
    uncertainty = np.where(sea, quantised(np.where(z < -12.0, 0.5, 1.0) - 0.02 * z), nan)
    sample_formats.write_bluetopo(builder.path(url), grid, elevation, uncertainty, ids, contributors)
    return _row(builder, url, f"{metres:.0f}m", offset, "NAVD88" if navd88 else "MLLW", product)


def _puerto_rico(builder):
    """The real attribute table as published, and the real elevations of a part of its tile; heights above mean sea level."""
    folder = builder.data / "bluetopo"
    url = tile_url("BH54S4ZB", "20251117")
    side_car = folder / "BlueTopo_BH54S4ZB_20251117.tiff.aux.xml"
    source = gdal.Open(str(folder / "BlueTopo_BH54S4ZB_20251117_elevation_crop_4m.tif"))
    elevation = source.ReadAsArray()
    known = _values_of(side_car)
    depth_step = np.clip((-elevation / 60.0), 0, len(known) - 1)
    ids = np.where(np.isfinite(elevation), np.asarray(known, np.float32)[np.nan_to_num(depth_step).astype(int)], np.nan)
    planes = [("Elevation", elevation), ("Uncertainty", 1.0 - 0.01 * elevation), ("Contributor", ids)]
    raster = gdal.GetDriverByName("MEM").Create("", source.RasterXSize, source.RasterYSize, 3, gdal.GDT_Float32)
    raster.SetGeoTransform(source.GetGeoTransform())
    raster.SetSpatialRef(source.GetSpatialRef())
    for number, (name, plane) in enumerate(planes, 1):
        band = raster.GetRasterBand(number)
        band.SetDescription(name)
        band.SetNoDataValue(float("nan"))
        band.WriteArray(plane.astype(np.float32))
    options = sample_formats.COG_OPTIONS + ["OVERVIEW_RESAMPLING=NEAREST"]
    gdal.GetDriverByName("COG").CreateCopy(builder.path(url), raster, options=options)
    builder.copy(side_car, url + ".aux.xml")
    return _row(builder, url, "4m", None, "MSL (GEOID12B)")


def _values_of(side_car):
    """Contributors of a side-car: the first column of its rows."""
    rows = ElementTree.parse(side_car).iter("Row")
    return [int(row.find("F").text) for row in rows]


def _row(builder, url, resolution, offset, datum, product="BlueTopo"):
    """The scheme's row of a tile that was delivered, noted in the contents too."""
    path = builder.path(url)
    side_car = path + ".aux.xml"
    tile = url.split("/")[-2]
    date = url.rsplit("_", 1)[1].removesuffix(".tiff")
    box = lonlat_box(path)
    builder.add("noaa_bluetopo", url, box, offset, float(resolution[:-1]), datum, int(date[:4]),
                facts={"tile": tile, "product": product, "sidecar": url + ".aux.xml"})
    return {"tile": tile, "GeoTIFF_Link": url, "RAT_Link": url + ".aux.xml",
            "Delivered_Date": f"{date[:4]}-{date[4:6]}-{date[6:]} 14:56:59", "Resolution": resolution, "UTM": "19",
            "GeoTIFF_SHA256_Checksum": _sha256(path), "RAT_SHA256_Checksum": _sha256(side_car), "box": box}


def _undelivered(builder):
    """The 585 cells of the real (older) scheme: planned tiles, links are null."""
    source = ogr.Open(str(builder.data / "tileindex" / "nbs_vrt_tiles.gpkg"))
    rows = []
    for feature in source.GetLayer(0):
        west, east, south, north = feature.GetGeometryRef().GetEnvelope()
        rows.append({"tile": feature["CellName"], "box": (west, south, east, north)})
    return rows


def _write_scheme(builder, url, rows):
    """One layer named like the file, with an R-tree; text columns only."""
    path = builder.path(url)
    package = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    layer = package.CreateLayer(path.rsplit("/", 1)[1].removesuffix(".gpkg"), sample_formats.spatial_ref("EPSG:4326"),
                                ogr.wkbMultiPolygon, ["GEOMETRY_NAME=geom", "SPATIAL_INDEX=YES"])
    for name in FIELDS:
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTString))
    layer.StartTransaction()
    for row in rows:
        feature = ogr.Feature(layer.GetLayerDefn())
        for name in FIELDS:
            if row.get(name) is not None:
                feature[name] = row[name]
        feature.SetGeometry(ogr.ForceToMultiPolygon(polygon(row["box"])))
        layer.CreateFeature(feature)
    layer.CommitTransaction()
    del layer, package


def polygon(box):
    west, south, east, north = box
    return ogr.CreateGeometryFromWkt(
        f"POLYGON(({west} {south},{west} {north},{east} {north},{east} {south},{west} {south}))")


def _sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()
