"""An archive publishes anew: what changed is read anew, what did not is left alone, and nothing old passes for new."""

import contextlib
import hashlib
import shutil
import sqlite3

import numpy
import pytest
from osgeo import gdal, ogr

from archive import bluetopo
from archive_cases import CASES, source_paths
from archive_reading import Elsewhere, planes


@pytest.fixture
def raised(tmp_path):
    """raised(path, metres): the bytes of a GeoTIFF with all of its heights raised, overviews aside."""

    def make(path, metres):
        copy = tmp_path / "raised.tif"
        shutil.copyfile(path, copy)
        dataset = gdal.Open(str(copy), gdal.GA_Update)
        band = dataset.GetRasterBand(1)
        nodata = band.GetNoDataValue()
        for row in range(0, band.YSize, 512):
            values = band.ReadAsArray(0, row, band.XSize, min(512, band.YSize - row))
            valid = numpy.isfinite(values) & (values != nodata)
            if valid.any():
                band.WriteArray(numpy.where(valid, values + numpy.float32(metres), values), 0, row)
        dataset.FlushCache()
        del band, dataset
        body = copy.read_bytes()
        copy.unlink()
        return body

    return make


@pytest.fixture(params=["same process", "another process"])
def read(request, tmp_path):
    """read(path): elevations; in this process, which knows the old edition, or in one that does not."""

    def here(path):
        return planes(path)[0][0]

    def elsewhere(path):
        return Elsewhere(path, tmp_path / "read.npy").wait()[0][0]

    return here if request.param == "same process" else elsewhere


def expire_discovery(cache_dir, provider):
    """As if the time that the archive's answers are believed had passed."""
    with contextlib.closing(sqlite3.connect(cache_dir / provider / "discovery.sqlite", timeout=10)) as database, database:
        database.execute("UPDATE regions SET expires_at = 0")


def test_a_tile_of_3dep_with_another_etag_is_read_anew(online, write_policy, cache_dir, raised, read):
    case = CASES["3dep_30m"]
    path = write_policy(case.policy())
    before = read(path)
    south, _ = source_paths(case, online.contents)
    item = online.contents.file("current/n43w071/USGS_1_n43w071.tif")
    online.put(item.url, raised(south, 10.0))
    assert numpy.array_equal(read(path), before, equal_nan=True), "the edition that is known serves until it expires"
    expire_discovery(cache_dir, case.provider)
    after = read(path)
    moved = after - before
    transform = gdal.Open(path).GetGeoTransform()
    latitude = transform[3] + (numpy.arange(len(after)) + 0.5) * transform[5]
    low, high = latitude < 42.995, latitude > 43.0018  # beyond the seconds that both tiles hold
    assert numpy.allclose(moved[low][numpy.isfinite(moved[low])], 10.0, atol=1e-3)
    assert (moved[high][numpy.isfinite(moved[high])] == 0.0).all()
    assert numpy.array_equal(numpy.isnan(after), numpy.isnan(before))


def test_a_tile_that_changes_under_a_known_edition_is_never_mixed(online, write_policy, raised, read):
    """Another place of a tile is read after the archive has replaced it, before anybody was told."""
    case = CASES["3dep_30m"]
    south, _ = source_paths(case, online.contents)
    case, known = case.at((-70.825, 42.960, -70.815, 42.970)), case.at((-70.775, 42.975, -70.765, 42.985))
    path = write_policy(case.policy())
    item = online.contents.file("current/n43w071/USGS_1_n43w071.tif")
    before = read(write_policy(known.policy(), name="known.yaml"))  # and so is the edition of its tile
    online.put(item.url, raised(south, 10.0))
    new = planes(write_policy(case.policy(), name="new.yaml"), {"CACHE": "OFF"})[0][0]
    assert numpy.array_equal(read(path), new, equal_nan=True)
    after = read(write_policy(known.policy(), name="known.yaml"))
    assert numpy.nanmin(after - before) > 9.99, "the old edition's cells are not used any more"


def publish(online, tile, body, date):
    """A scheme in which one tile has another date, its new files, the old ones gone."""
    gdal.FileFromMemBuffer("/vsimem/scheme.gpkg", online.get(bluetopo.SCHEME))
    package = ogr.Open("/vsimem/scheme.gpkg", 1)
    layer = package.GetLayer(0)
    layer.SetAttributeFilter(f"tile = '{tile}'")
    row = layer.GetNextFeature()
    old, side_car = row["GeoTIFF_Link"], online.get(row["RAT_Link"])
    new = bluetopo.tile_url(tile, date)
    row["GeoTIFF_Link"], row["RAT_Link"] = new, new + ".aux.xml"
    row["Delivered_Date"] = f"{date[:4]}-{date[4:6]}-{date[6:]} 10:00:00"
    row["GeoTIFF_SHA256_Checksum"] = hashlib.sha256(body).hexdigest()
    layer.SetFeature(row)
    del row, layer, package
    size = gdal.VSIStatL("/vsimem/scheme.gpkg").size
    handle = gdal.VSIFOpenL("/vsimem/scheme.gpkg", "rb")
    scheme = bytes(gdal.VSIFReadL(1, size, handle))
    gdal.VSIFCloseL(handle)
    online.put(new, body)
    online.put(new + ".aux.xml", side_car)
    online.put(bluetopo.SCHEME.replace("20251219_145659", "20260301_101010"), scheme)
    online.remove(old)
    online.remove(old + ".aux.xml")


def test_a_new_release_of_bluetopo_replaces_the_tile_and_leaves_the_others(online, write_policy, cache_dir, raised, read):
    fine, coarse = CASES["bluetopo_fine"], CASES["bluetopo"]
    paths = [write_policy(case.policy(), name=f"{case.name}.yaml") for case in (fine, coarse)]
    before = [read(path) for path in paths]
    (tile,) = source_paths(fine, online.contents)
    publish(online, "BH4SAMP4", raised(tile, 5.0), "20260228")
    assert numpy.array_equal(read(paths[0]), before[0], equal_nan=True), "known for a day, and cached"
    expire_discovery(cache_dir, "noaa_bluetopo")
    online.log.clear()
    moved = read(paths[0]) - before[0]
    assert numpy.allclose(moved[numpy.isfinite(moved)], 5.0, atol=1e-3) and numpy.isfinite(moved).any()
    assert online.log.count("BlueTopo_BH4SAMP4_20260228.tiff$") > 0
    online.log.clear()
    assert numpy.array_equal(read(paths[1]), before[1], equal_nan=True)
    assert online.log.count("BlueTopo_BH4SAMPL") == 0, "a tile of the old date is the old tile: " + online.log.text()


def test_a_tile_that_is_gone_has_the_scheme_looked_up_afresh(online, write_policy, raised, read):
    """Within the day that a scheme is believed; nothing of the old tile was read here before."""
    fine = CASES["bluetopo_fine"]
    (tile,) = source_paths(fine, online.contents)
    read(write_policy(CASES["bluetopo"].policy(), name="elsewhere.yaml"))  # the scheme is known
    publish(online, "BH4SAMP4", raised(tile, 5.0), "20260228")
    path = write_policy(fine.policy())
    with pytest.raises((RuntimeError, AssertionError), match="BlueTopo_BH4SAMP4_20250102"):
        read(path)
    assert numpy.isfinite(read(path)).all()
    assert online.log.count("BlueTopo_BH4SAMP4_20260228.tiff$", status=206) > 0


def test_a_new_bag_replaces_the_old_and_other_surveys_are_not_fetched_again(online, write_policy, cache_dir, read):
    """A file's edition is the day its survey was last changed; the service told none, so that its name alone counts."""
    case = CASES["bag"]
    path = write_policy(case.policy())
    before = read(path)
    expire_discovery(cache_dir, "ncei_bag")
    online.log.clear()
    assert numpy.array_equal(read(path), before, equal_nan=True)
    assert online.log.count(r"\.bag$") == 0, "the copy in tier 5 is of this edition"


def test_what_gdal_keeps_of_an_old_edition_is_not_taken_for_the_new(online, write_policy, raised):
    """/vsicurl keeps what it has read of a URL for as long as the process lives."""
    case = CASES["3dep_30m"]
    path = write_policy(case.policy())
    before = planes(path, {"CACHE": "OFF"})[0][0]
    item = online.contents.file("current/n43w071/USGS_1_n43w071.tif")
    online.put(item.url, raised(source_paths(case, online.contents)[0], 10.0))
    moved = planes(path, {"CACHE": "OFF"})[0][0] - before
    assert numpy.nanmax(moved) == pytest.approx(10.0, abs=1e-3)
