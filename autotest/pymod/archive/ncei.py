"""NCEI's hydrographic surveys: a feature service, a landing page a survey, and folders with BAG files."""

import calendar
import gzip
import re
import time

import numpy as np
from osgeo import gdal

import sample_coast
import sample_formats
from sample_coast import Grid

from . import datums
from .arcgis import FeatureLayer, field
from .rasters import lonlat_box
from .website import WebSite

SERVICE = "services2.arcgis.com"
LAYER = "/C8EMgrsFcRFL6LrL/arcgis/rest/services/NOS_Hydro_Surveys/FeatureServer/0"
OLD_SERVICE = "gis.ngdc.noaa.gov"
OLD_LAYER = "/arcgis/rest/services/web_mercator/nos_hydro_dynamic/MapServer/0"
PAGES = "www.ngdc.noaa.gov"
DATA = "data.ngdc.noaa.gov"
OLD_DATA = "surveys.ngdc.noaa.gov"

FIELDS = (field("OBJECTID", "OID") | field("SURVEY_ID", "String", length=10)
          | field("DATE_SURVEY_BEGIN", "Date", length=8) | field("DATE_SURVEY_END", "Date", length=8)
          | field("SURVEY_YEAR", "Double") | field("LOCALITY", "String", length=255)
          | field("SUBLOCALITY", "String", length=255) | field("PLATFORM", "String", length=255)
          | field("BAGS_EXIST", "String", length=10) | field("DOWNLOAD_URL", "String", length=255)
          | field("DIGITAL_DATA", "String", length=255))


def hosts(store, contents):
    features = [{"attributes": {"OBJECTID": number, **item.facts["attributes"]}, "box": item.box}
                for number, item in enumerate(contents.of("ncei_surveys"), 1)]
    old = [{**feature, "attributes": {**feature["attributes"], "BAGS_EXIST": "TRUE"}} for feature in features
           if feature["attributes"]["BAGS_EXIST"] == "Y"]
    return {SERVICE: FeatureLayer(LAYER, FIELDS, features), OLD_SERVICE: FeatureLayer(OLD_LAYER, FIELDS, old),
            PAGES: WebSite(store, PAGES), DATA: WebSite(store, DATA), OLD_DATA: WebSite(store, OLD_DATA)}


def make(builder):
    for name in ("H19901_MB_4m_MLLW_1of1.bag", "H19902_MB_8m_MLLW_1of1.bag"):
        facts = builder.manifest[name]
        _file(builder, builder.coast / name, name, facts["offset"], "MLLW", facts["date"])
    _ellipsoid(builder)
    real = builder.data / "bag"
    _file(builder, real / "newcastle_nh_sh2007_0.5m_mllw.bag", "F00999_MB_50cm_MLLW_1of1.bag", None, "MLLW", "2007-06-20")
    _file(builder, real / "seattle_wa_nrt_vr_gzip_epsg6339.bag", "H13999_MB_VR_MLLW_1of1.bag", None, "MLLW", "2022-05-11",
          box=[-122.4262, 47.6715, -122.4235, 47.6733])
    _file(builder, real / "newyork_harbor_bdb_01_4m.bag", "H10990_MB_4m_MLLW_1of1.bag", None, "", "2002-07-01")
    _surveys(builder)


def survey_range(survey):
    """The folder of a survey's thousand-odd: H19901 -> H18001-H20000."""
    letter, number = survey[0], int(survey[1:])
    first = (number - 1) // 2000 * 2000 + 1
    return f"{letter}{first:05}-{letter}{first + 1999:05}"


def bag_folder(survey):
    return f"https://{DATA}/platforms/ocean/nos/coast/{survey_range(survey)}/{survey}/BAG/"


def landing_page(survey):
    return f"https://{PAGES}/nos/{survey_range(survey)}/{survey}.html"


def _file(builder, source, name, offset, datum, date, box=None):
    """A BAG where NCEI keeps it."""
    survey = name.split("_")[0]
    url = bag_folder(survey) + name
    if source:
        builder.copy(source, url)
    resolution = re.search(r"_(\d+)(cm|m)_", name)
    metres = int(resolution[1]) / (100 if resolution[2] == "cm" else 1) if resolution else None
    builder.add("ncei_bag", url, box or lonlat_box(builder.path(url)), offset, metres, datum, int(date[:4]),
                facts={"survey": survey, "date": date})


def _ellipsoid(builder):
    """A survey with heights above NAD83's ellipsoid: the ground plus its offset plus the geoid (datums.py)."""
    name, offset = "H19906_MB_4m_Ellipsoid_1of1.bag", 0.75
    grid = Grid.utm("EPSG:6348", (-70.738, 42.985, -70.722, 42.996), 4.0)
    lon, lat = grid.lonlat()
    z = builder.terrain.at(lon, lat)
    values = sample_coast.quantised(z + offset + datums.geoid(lon, lat))
    valid = z < -3.0
    empty = np.float32(1e6)
    planes = [("elevation", np.where(valid, values, empty)), ("uncertainty", np.where(valid, np.float32(0.25), empty))]
    raster = sample_formats.memory_raster(grid, planes, 1e6)
    vertical = ('VERT_CS["NAD83(2011) ellipsoid",VERT_DATUM["Ellipsoid",2002],UNIT["metre",1],AXIS["Up",UP]]')
    options = ["VAR_TITLE=H19906", "VAR_ABSTRACT=H19906 (made-up survey)", "VAR_DATE=2021-08-09",
               "VAR_DATETIME=2021-08-09T00:00:00Z", f"VAR_VERT_WKT={vertical}", "BLOCK_SIZE=100"]
    gdal.GetDriverByName("BAG").CreateCopy(builder.path(bag_folder("H19906") + name), raster, options=options)
    _file(builder, None, name, offset, "ellipsoid", "2021-08-09")


def _surveys(builder):
    """The rows of the service and their landing pages. Each page links in a way of its own, as the real ones do."""
    files = {item.facts["survey"]: item for item in builder.items if item.archive == "ncei_bag"}
    pages = {"H19901": _absolute_links, "H19902": _protocol_relative_links, "H19906": _relative_links,
             "H13999": _absolute_links, "H10990": _packed_links}
    for survey, item in files.items():
        download = landing_page(survey) if survey in pages else item.url  # F00999: the file itself
        if survey in pages:
            body = pages[survey](builder, survey, item)
            builder.write(landing_page(survey), body)
            builder.write(f"https://{DATA}/platforms/ocean/nos/html/{survey_range(survey)}/{survey}.html", body)
        _row(builder, survey, item.box, item.facts["date"], download)
    # Near by, but nothing to fetch: soundings only; and one that says it has files and whose page has none.
    _row(builder, "H05990", [-70.78, 42.97, -70.73, 43.02], "1935-06-30", landing_page("H05990"), bags="N")
    _row(builder, "H11990", [-70.76, 42.98, -70.755, 42.985], "2008-06-30", landing_page("H11990"))
    builder.write(landing_page("H11990"), _page("H11990", '<p>Reports: <a href="DR/H11990.pdf">DR</a></p>'))


def _row(builder, survey, box, end, download, bags="Y"):
    milliseconds = calendar.timegm(time.strptime(end, "%Y-%m-%d")) * 1000
    attributes = {"SURVEY_ID": survey, "DATE_SURVEY_BEGIN": milliseconds - 30 * 86_400_000,
                  "DATE_SURVEY_END": milliseconds, "SURVEY_YEAR": float(end[:4]), "LOCALITY": "Sample Coast",
                  "SUBLOCALITY": "Made up", "PLATFORM": "NOAA Ship Loopback", "BAGS_EXIST": bags,
                  "DOWNLOAD_URL": download, "DIGITAL_DATA": "BAG" if bags == "Y" else "GEODAS"}
    builder.add("ncei_surveys", download, list(box), year=int(end[:4]),
                facts={"survey": survey, "attributes": attributes})


def _page(survey, links):
    return (f'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"><html><head><title>{survey}</title></head><body>'
            f'<h1>Survey {survey}</h1><a href="{bag_folder(survey)}">BAG</a>\n{links}\n'
            f'<a href="https://{DATA}/platforms/ocean/nos/coast/{survey_range(survey)}/{survey}/DR/{survey}.pdf">DR</a>'
            "</body></html>")


def _absolute_links(builder, survey, item):
    return _page(survey, f'<ul><li><a href="{item.url}">{item.name}</a></li></ul>')


def _protocol_relative_links(builder, survey, item):
    return _page(survey, f"<ul><li><a class='file' href='{item.url.removeprefix('https:')}'>{item.name}</a></li></ul>")


def _relative_links(builder, survey, item):
    """Beside the page, of another host than the data's."""
    path = f"nos/coast/{survey_range(survey)}/{survey}/BAG/{item.name}"
    builder.copy(builder.path(item.url), f"https://{PAGES}/{path}")
    return _page(survey, f'<ul><li><A HREF="../coast/{survey_range(survey)}/{survey}/BAG/{item.name}">{item.name}</A></li></ul>')


def _packed_links(builder, survey, item):
    """An old holding: .bag.gz only."""
    with open(builder.path(item.url), "rb") as file:
        packed = gzip.compress(file.read(), mtime=0)
    old = f"https://{OLD_DATA}/mgg/NOS/coast/{survey_range(survey)}/{survey}/BAG/{item.name}.gz"
    builder.write(old, packed)
    item.facts["packed"] = old
    return _page(survey, f'<ul><li><a href="{old}">{item.name}.gz</a></li></ul>')
