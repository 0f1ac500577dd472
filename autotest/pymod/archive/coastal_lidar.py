"""NOAA's coastal lidar bucket: an index page, dav.json, projects with tile indexes, their DEMs and point clouds. CUDEM lies there too."""

import dataclasses
import json

import numpy as np

import sample_formats
from sample_coast import Grid, quantised

from . import cudem, datums, inport
from .rasters import lonlat_box, projected_box
from .s3 import Bucket
from .tile_index import geopackage, shapefile_zip

HOST = "noaa-nos-coastal-lidar-pds.s3.amazonaws.com"
BASE = f"https://{HOST}/"


@dataclasses.dataclass(frozen=True)
class Project:
    folder: str  # <name>_<id>
    inport: int
    title: str
    abstract: str
    datum: str  # as InPort states it, "" = it does not
    start: str
    end: str
    offset: float
    metres: float
    nodata: float
    index: str  # "zip" or "gpkg"
    boxes: tuple  # of its tiles, degrees
    blocks: bool = False  # tiles lie in folders of their own

    @property
    def id(self):
        return self.folder.rsplit("_", 1)[1]

    @property
    def name(self):
        return self.folder.rsplit("_", 1)[0]

    @property
    def url(self):
        return f"{BASE}dem/{self.folder}/"


WEST, EAST = (-70.7765, 43.000, -70.768, 43.008), (-70.768, 43.000, -70.7595, 43.008)
PROJECTS = (
    Project("NH_Sample_Topobathy_2022_9901", 59901, "2022 NOAA NGS Topobathy Lidar DEM: Sample Coast, NH",
            "1 m pixel resolution bare earth DEM of land and shallow sea bottom.", "NAVD88", "2022-05-03", "2022-06-17", 0.3, 4.0,
            -999999.0, "zip", (WEST, EAST), blocks=True),
    Project("NH_Sample_Topobathy_2016_9902", 59902, "2016 Topobathy Lidar DEM: Sample Coast, NH",
            "Bare earth DEM, ellipsoid heights.", "ellipsoid", "2016-04-02", "2016-05-15", -0.4, 4.0, -9999.0, "gpkg", (WEST,)),
    Project("NH_Sample_Lidar_DEM_2019_9903", 59903, "2019 Lidar DEM: Sample County, NH", "Bare earth DEM of the land.",
            "NAVD88", "2019-11-01", "2019-12-02", 0.6, 4.0, -32767.0, "zip", (EAST,)),
    Project("NH_Sample_Topobathy_2010_9904", 59904, "2010 Topobathy Lidar DEM: Sample Coast, NH",
            "A record that does not say what heights count from.", "", "2010-03-01", "2010-03-09", 1.4, 8.0, -999999.0, "zip", (EAST,)),
)


def hosts(store, contents):
    return {HOST: Bucket(store, HOST)}


def make(builder):
    cudem.make(builder)
    for project in PROJECTS:
        _project(builder, project)
    builder.write(f"{inport.item_url(50000)}/inport-xml", inport.record(
        50000, "CUDEM ninth arc-second topobathy, continually updated", "Tiles of land and sea.", "NAVD88", "2014-01-01", "2021-12-31"))
    builder.write(BASE + "laz/index.html", _index_page())
    builder.write(BASE + "laz/dav.json", json.dumps(_dav(builder)))
    _point_cloud(builder)


def _project(builder, project):
    urls = []
    for number, box in enumerate(project.boxes, 1):
        block = f"block_{number}/" if project.blocks else ""
        urls.append(f"{project.url}{block}{project.name}_{number:03}.tif")
        _tile(builder, project, box, urls[-1])
    _tile_index(builder, project, urls)
    builder.write(f"{project.url}urllist{project.id}.txt", "".join(f"{url}\n" for url in urls))
    links = "".join(f'<a href="{url.removeprefix(project.url)}">{url.rsplit("/", 1)[1]}</a>\n' for url in urls)
    builder.write(project.url + "index.html", f"<html><body><h1>{project.title}</h1>\n{links}</body></html>")
    builder.write(f"{inport.item_url(project.inport)}/inport-xml", inport.record(
        project.inport, project.title, project.abstract, project.datum, project.start, project.end, project.metres))


def _tile(builder, project, box, url):
    grid = Grid.utm("EPSG:6348", box, project.metres)
    lon, lat = grid.lonlat()
    z = builder.terrain.at(lon, lat)
    heights = z + project.offset + (datums.geoid(lon, lat) if project.datum == "ellipsoid" else 0.0)
    deepest = -6.0 if "Topobathy" in project.name else 0.0
    sample_formats.write_cog(builder.path(url), grid, np.where(z > deepest, quantised(heights), np.float32(project.nodata)),
                             project.nodata)
    builder.add("noaa_topobathy", url, lonlat_box(builder.path(url)), project.offset, project.metres, project.datum,
                int(project.end[:4]), facts={"project": project.id, "folder": project.folder, "inport": project.inport})


def _tile_index(builder, project, urls):
    rows = [(lonlat_box(builder.path(url)), (url.removeprefix(project.url), "EPSG:6348", url)) for url in urls]
    if project.index == "zip":
        name = f"tileindex_{project.name}"
        builder.write(f"{project.url}{name}.zip", shapefile_zip(name, "EPSG:4269", ("location", "srs", "URL"), rows))
    else:  # another spelling of columns, and the tile's name alone
        rows = [(box, (name, crs)) for box, (name, crs, _) in rows]
        geopackage(builder.path(f"{project.url}tileindex_{project.name}.gpkg"), "EPSG:4269", ("filename", "srs"), rows)


def _index_page():
    rows = "".join(f"""<tr><td>{project.title}</td>
<td><a href="{project.url}index.html">Bulk Download</a></td>
<td><a href="{inport.item_url(project.inport)}">Metadata</a></td></tr>
""" for project in PROJECTS)
    return f"""<html><head><title>NOAA Coastal Lidar</title></head><body><table>
<tr><td>NCEI ninth arc-second topobathy</td>
<td><a href="{cudem.FOLDER}index.html">Bulk Download</a></td>
<td><a href="{inport.item_url(50000)}">Metadata</a></td></tr>
<tr><td>2015 Lone Star lidar points</td>
<td><a href="{BASE}laz/geoid18/9905/index.html">LAZ</a></td>
<td><a href="{inport.item_url(59905)}">Metadata</a></td></tr>
{rows}</table></body></html>
"""


def _dav(builder):
    """dav.json: the same, for programs. Outlines are boxes here."""
    features = []
    for project in PROJECTS:
        boxes = [item.box for item in builder.items if item.facts.get("project") == project.id]
        west, south = (min(box[side] for box in boxes) for side in (0, 1))
        east, north = (max(box[side] for box in boxes) for side in (2, 3))
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        features.append({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {
            "Name": project.title, "DataType": "Lidar", "Year": int(project.end[:4]), "ID": int(project.id),
            "Metalink": inport.item_url(project.inport),
            "ExternalProviderLink": {"links": [{"label": "Bulk Download", "altlabel": "DEM", "link": project.url + "index.html"}]}}})
    return {"type": "FeatureCollection", "name": "dav", "features": features,
            "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}}


def _point_cloud(builder):
    """laz/geoid18/9905: the real Lone Star points, indexed."""
    url = f"{BASE}laz/geoid18/9905/lone-star.copc.laz"
    builder.copy(builder.data / "lidar" / "lone-star.copc.laz", url)
    box = projected_box("EPSG:26912", (515368.0, 4918340.0, 515402.0, 4918382.0))
    geopackage(builder.path(f"{BASE}laz/geoid18/9905/tileindex_lone_star_m9905.gpkg"), "EPSG:4269", ("filename", "srs", "url"),
               [(box, ("lone-star.copc.laz", "EPSG:26912", url))])
    builder.write(f"{inport.item_url(59905)}/inport-xml", inport.record(
        59905, "2015 Lone Star lidar points", "Point cloud.", "NAVD88", "2015-08-01", "2015-08-02"))
    builder.write(f"{BASE}laz/geoid18/9905/index.html", f'<html><body><a href="{url}">lone-star.copc.laz</a></body></html>')
