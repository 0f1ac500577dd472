"""USGS point clouds: the EPT bucket, the index of outlines on GitHub, and the blobs of COPC that STAC links to."""

import json

from osgeo import osr

import sample_formats

from . import ept_points
from .s3 import Bucket, PathStyle
from .website import WebSite

BUCKET = "usgs-lidar-public"
REGION = "s3-us-west-2.amazonaws.com"
BASE = f"https://{REGION}/{BUCKET}/"
INDEX_HOST = "raw.githubusercontent.com"
INDEX = f"https://{INDEX_HOST}/hobuinc/usgs-lidar/master/boundaries/resources.geojson"
LONE_STAR = "WY_LoneStar_2015"
# Blob of the COPC file; planetary_computer.py guards it.
COPC = "https://usgslidareuwest.blob.core.windows.net/usgs-3dep-copc/usgs-copc/WY_LoneStar_2015/copc/lone-star.copc.laz"


def hosts(store, contents):
    bucket = Bucket(store, f"{REGION}/{BUCKET}")
    names = {f"{BUCKET}.{host}": bucket for host in ("s3.amazonaws.com", REGION, "s3.us-west-2.amazonaws.com")}
    regional = PathStyle({BUCKET: bucket})
    return {**names, REGION: regional, "s3.us-west-2.amazonaws.com": regional, INDEX_HOST: WebSite(store, INDEX_HOST)}


def make(builder):
    outlines = [_lone_star(builder)]
    for encoding, project in (("binary", "NH_SampleCoast_2022"), ("zstandard", "NH_SampleCoast_2016_D16")):
        outlines.append(_sample_project(builder, encoding, project))
    collection = {"type": "FeatureCollection", "name": "resources",
                  "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}, "features": outlines}
    builder.write(INDEX, json.dumps(collection))


def _lone_star(builder):
    """Real points, LAZ, NAD83 / UTM zone 12N, both as EPT and as COPC."""
    source = builder.data / "lidar" / "ept" / "lone-star-laszip"
    for path in source.rglob("*"):
        if path.is_file():
            builder.copy(path, f"{BASE}{LONE_STAR}/{path.relative_to(source)}")
    builder.copy(builder.data / "lidar" / "lone-star.copc.laz", COPC)
    box = _box(26912, (515368.0, 4918340.0, 515402.0, 4918382.0))
    for kind, url in (("ept", f"{BASE}{LONE_STAR}/ept.json"), ("copc", COPC)):
        builder.add("usgs_lidar", url, box, None, None, "", 2015,
                    facts={"kind": kind, "project": LONE_STAR, "points": 518862, "encoding": "laszip"})
    return _outline(LONE_STAR, 518862, box)


def _sample_project(builder, encoding, project):
    """Points on the made-up ground, in Mercator as all of this bucket; the older one 2 m too high."""
    offset = 0.25 if encoding == "binary" else 2.0
    base = f"{BASE}{project}/"
    files, points, bounds = ept_points.build(builder.terrain, offset, encoding)
    for name, body in files.items():
        builder.write(base + name, body)
    box = _box(3857, bounds)
    builder.add("usgs_lidar", base + "ept.json", box, offset, 2.0, "NAVD88", int(project.split("_")[2]),
                facts={"kind": "ept", "project": project, "points": points, "encoding": encoding})
    return _outline(project, points, box)


def _box(number, bounds):
    transformation = osr.CoordinateTransformation(sample_formats.spatial_ref(f"EPSG:{number}"),
                                                  sample_formats.spatial_ref("EPSG:4326"))
    return list(transformation.TransformBounds(*bounds, 21))


def _outline(project, points, box):
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "properties": {"name": project, "count": points, "url": f"{BASE}{project}/ept.json"},
            "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]}}
