"""NOAA VDatum: conversions one point at a time, and the zip of a region's surfaces."""

import zipfile

import numpy as np
from osgeo import gdal

from . import datums
from .messages import as_json, html
from .vsimem import take
from .website import WebSite

HOST = "vdatum.noaa.gov"
REGION = "NHsample_8301"
BOX = (-71.0, 42.9, -70.6, 43.1)  # of its surfaces; beyond it the service has no answer
STEP = 0.002
GTX_NODATA = -88.8888
# Metres above NAVD88's zero of what each frame counts from.
ABOVE_NAVD88 = {"NAVD88": lambda lon, lat: 0.0, "LMSL": lambda lon, lat: -datums.sea_level(lon, lat),
                "MLLW": lambda lon, lat: -datums.separation(lon, lat), "NAD83_2011": lambda lon, lat: -datums.geoid(lon, lat),
                "EGM2008": lambda lon, lat: datums.egm2008(lon, lat) - datums.geoid(lon, lat)}
HORIZONTAL = {"EGM2008": "WGS84_G1674"}  # NAD83_2011 for the others


def hosts(store, contents):
    return {HOST: VDatum(store)}


def make(builder):
    """<region>.zip: heights above local mean sea level as GTX, where they hold, and their frame."""
    url = f"https://{HOST}/download/data/{REGION}.zip"
    surfaces = {"tss": datums.sea_level, "mllw": lambda lon, lat: datums.sea_level(lon, lat) - datums.separation(lon, lat)}
    with zipfile.ZipFile(builder.path(url), "w", zipfile.ZIP_DEFLATED) as package:
        for name, surface in surfaces.items():
            package.writestr(f"vdatum/{REGION}/{REGION}_{name}.gtx", _gtx(surface))
        west, south, east, north = BOX
        package.writestr(f"vdatum/{REGION}/{REGION}.met", f"minlat={south}\nmaxlat={north}\nminlon={west + 360}\n"
                         f"maxlon={east + 360}\nhorz=NAD83\nepoch=1983-2001\n")
    builder.add("vdatum", url, list(BOX), facts={"region": REGION})


def _gtx(surface):
    west, south, east, north = BOX
    columns, rows = round((east - west) / STEP) + 1, round((north - south) / STEP) + 1
    lon, lat = west + np.arange(columns) * STEP, north - np.arange(rows) * STEP
    raster = gdal.GetDriverByName("MEM").Create("", columns, rows, 1, gdal.GDT_Float32)
    raster.SetGeoTransform((west + 360 - STEP / 2, STEP, 0, north + STEP / 2, 0, -STEP))
    raster.GetRasterBand(1).SetNoDataValue(GTX_NODATA)
    raster.GetRasterBand(1).WriteArray(surface(lon[None, :], lat[:, None]).astype(np.float32))
    gdal.GetDriverByName("GTX").CreateCopy("/vsimem/archive/surface.gtx", raster)
    return take("/vsimem/archive/surface.gtx")


class VDatum:
    def __init__(self, store):
        self._site = WebSite(store, HOST)

    def answer(self, request):
        if request.name != "vdatumweb/api/convert":
            return self._site.answer(request)
        wanted = request.parameters
        missing = [name for name in ("s_x", "s_y", "s_v_frame", "t_v_frame") if name not in wanted]
        if missing:
            return html(f"<html><body>HTTP Status 400 - {missing[0]}</body></html>", 400)
        for side in ("s", "t"):
            refusal = self._refusal(side, wanted)
            if refusal:
                return as_json({"errorCode": 412, "message": refusal})
        return as_json(self._converted(wanted))

    @staticmethod
    def _refusal(side, wanted):
        frame = wanted[f"{side}_v_frame"]
        if frame not in ABOVE_NAVD88:
            return f"Unsupported vertical datum [{frame}]"
        horizontal = HORIZONTAL.get(frame, "NAD83_2011")
        if wanted.get(f"{side}_h_frame", "NAD83_2011") != horizontal:
            return f"For {frame}, {'Source' if side == 's' else 'Target'} Horizontal Frame should be {horizontal}"
        return ""

    @staticmethod
    def _converted(wanted):
        lon, lat = float(wanted["s_x"]), float(wanted["s_y"])
        inside = BOX[0] <= lon <= BOX[2] and BOX[1] <= lat <= BOX[3]
        change = ABOVE_NAVD88[wanted["s_v_frame"]](lon, lat) - ABOVE_NAVD88[wanted["t_v_frame"]](lon, lat)
        height = f"{float(wanted.get('s_z', 0)) + change:.3f}" if inside else "-999999"
        echoed = {name: value for name, value in wanted.items() if name[:2] in ("s_", "t_")}
        return {"region": wanted.get("region", "contiguous"), **echoed, "t_x": wanted["s_x"], "t_y": wanted["s_y"],
                "t_z": height, "uncertainty": "0.09" if inside else "NaN"}
