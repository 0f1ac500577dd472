"""What answers in an archive's place may be anything: a clear error, and neither the memory nor the disk fills."""

import pytest

from fault_cases import CASES

CATALOGUES = {
    "gebco_2025": r"\.dds", "usgs_3dep_10m": r"\.vrt", "usgs_3dep_1m": "tnmaccess", "usgs_3dep_stac": "v1/search",
    "copernicus_dsm": "tileList", "nasadem_stac": "token/", "noaa_bluetopo": "list-type", "noaa_topobathy": r"dav\.json",
    "usgs_lidar_copc": "v1/search", "usgs_lidar_ept": r"resources\.geojson", "ncei_bag": "FeatureServer", "ncei_cudem": "urllist",
    "jcu_gbr100": "zip"}
OTHERS = {
    "bluetopo scheme": ("noaa_bluetopo", r"\.gpkg"), "bluetopo side-car": ("noaa_bluetopo", r"aux\.xml"),
    "InPort": ("noaa_topobathy", "inport-xml"), "tile index": ("noaa_topobathy", "tileindex"),
    "listing": ("ncei_cudem", "list-type"), "landing page": ("ncei_bag", r"H19901\.html"), "ept.json": ("usgs_lidar_ept", r"ept\.json"),
    "hierarchy": ("usgs_lidar_ept", "hierarchy"), "points": ("usgs_lidar_ept", "ept-data"), "BAG": ("ncei_bag", r"\.bag"),
    "packed BAG": ("ncei_bag_packed", r"\.bag\.gz"), "CUDEM tile": ("ncei_cudem", r"2021v1\.tif"),
    "DAP values": ("gebco_2025", r"\.dods"), "COPC": ("usgs_lidar_copc", r"copc\.laz"), "COG": ("copernicus_dsm", r"DEM\.tif")}
PLACES = {**{name: (name, match) for name, match in CATALOGUES.items()}, **OTHERS}
NESTED = b'{"features":' + b"[" * 2_000_000
ENTITIES = (b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "' + b"x" * 1000 + b'">'
            + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 20) for i in range(8)) + b"]><r>&i;</r>")
FAULTS = {
    "endless": {"kind": "endless"},
    "gzip bomb": {"kind": "gzip_bomb", "gigabytes": 2},
    "huge": {"kind": "huge"},
    "short": {"kind": "short"},
    "redirect": {"kind": "redirect"},
    "redirect to itself": {"kind": "redirect", "to": ""},
    "nested": {"kind": "instead", "body": NESTED, "content_type": "application/json"},
    "entities": {"kind": "instead", "body": ENTITIES, "content_type": "application/xml"},
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_whatever_answers_is_an_error(archive, first_read, place, fault):
    name, match = place
    struck = archive.faults.add(match, **fault)
    reading = first_read(CASES[name])
    assert struck.hit, archive.log.text()
    if not reading.error and fault["kind"] in ("huge", "short"):  # some servers say wrongly how long a file is: no harm done
        archive.faults.reset()
        assert reading.same_as(first_read(CASES[name], cache="other"))
        return
    assert reading.error.startswith(f"step '{CASES[name].step['provider']}': "), reading.error
    assert len(reading.error) < 2000
