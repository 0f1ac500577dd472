"""Hostile and damaged files of archives, each well delivered: names that lead elsewhere, counts and sizes that are not true."""

import dataclasses
import io
import json
import struct
import zipfile

import pytest

import fault_files
from archive import ausseabed, ncei, usgs_lidar
from fault_cases import CASES

HIERARCHY = "NH_SampleCoast_2022/ept-hierarchy/0-0-0-0.json"
NAMES = ["../../outside.bag", "..%2F..%2Foutside.bag", "/etc/outside.bag", "https://elsewhere.example/outside.bag", "file:///etc/outside.bag",
         "//elsewhere.example/outside.bag", "outside%00.bag", "javascript:outside.bag"]


def outside(tmp_path):
    """Files that lie where they should not."""
    return [str(path) for path in tmp_path.rglob("*outside*") if "/raw/" not in str(path)]


@pytest.mark.parametrize("link", NAMES)
def test_links_of_a_landing_page_lead_nowhere_else(archive, first_read, tmp_path, link):
    page = f'<html><body><a href="{link}">the survey</a></body></html>'
    archive.put(ncei.landing_page("H19901"), page.encode())
    case = dataclasses.replace(CASES["ncei_bag"], step={"provider": "ncei_bag", "filter": {"exclude_patterns": ["H11990"]}})
    reading = first_read(case)
    assert "H19901" in reading.error or "outside.bag" in reading.error, reading.difference(reading)
    assert not outside(tmp_path)
    assert not archive.log.find("elsewhere")


def test_a_page_without_files_is_not_asked_for_again_and_again(archive, first_read):
    """H11990 should have BAGs and its page names none: an error, and no reason to burden the server."""
    reading = first_read(dataclasses.replace(CASES["ncei_bag"], step={"provider": "ncei_bag"}))
    assert "survey H11990 should have BAGs" in reading.error
    assert archive.log.count(r"H11990\.html") <= 3, archive.log.text()


@pytest.mark.parametrize("member", ["../../outside.tif", "/tmp/outside.tif", "a/../../../outside.tif"])
def test_a_member_of_a_zip_stays_in_it(archive, first_read, tmp_path, member):
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as made:
        made.writestr(member, fault_files.tile(1.0))
    archive.put(ausseabed.URL, package.getvalue())
    assert first_read(CASES["jcu_gbr100"]).error.startswith("step 'jcu_gbr100': ")
    assert not outside(tmp_path)


@pytest.mark.parametrize("count", [1, 10**6, 2**31 - 1, 2**31, 2**63, -7, 1.5, "many", None])
def test_a_hierarchy_that_lies_about_points_is_an_error(archive, first_read, count):
    nodes = json.loads(archive.get(usgs_lidar.BASE + HIERARCHY))
    archive.faults.add(HIERARCHY, kind="instead", body=json.dumps({key: count for key in nodes}).encode())
    assert "NH_SampleCoast_2022" in first_read(CASES["usgs_lidar_ept"]).error


@pytest.mark.parametrize("count", [1, 10**6, 2**32 - 1, 2**63])
def test_a_copc_that_lies_about_points_is_an_error(archive, first_read, count):
    body = bytearray(archive.get(usgs_lidar.COPC))
    info = 375 + 54  # the header of LAS 1.4 and that of the first record, which is COPC's
    root, = struct.unpack_from("<Q", body, info + 40)
    for entry in range(root, root + struct.unpack_from("<Q", body, info + 48)[0], 32):
        struct.pack_into("<i", body, entry + 28, min(count, 2**31 - 1))
    struct.pack_into("<Q", body, 247, count)
    archive.put(usgs_lidar.COPC, bytes(body))
    assert "lone-star.copc.laz" in first_read(CASES["usgs_lidar_copc"]).error


def tag_at(body, tag):
    """Where the value of a tag of the first directory stands."""
    directory, = struct.unpack_from("<I", body, 4)
    for entry in range(directory + 2, directory + 2 + 12 * struct.unpack_from("<H", body, directory)[0], 12):
        if struct.unpack_from("<H", body, entry)[0] == tag:
            struct.pack_into("<H", body, entry + 2, 4)  # LONG
            return entry + 8
    raise KeyError(tag)


@pytest.mark.parametrize("tags", [{256: 2**31 - 1, 257: 2**31 - 1}, {256: 10**6, 257: 10**6}, {322: 2**20, 323: 2**20}, {322: 16, 323: 2**30},
                                  {256: 0}, {322: 0}, {258: 4096}], ids=str)
def test_a_raster_of_absurd_dimensions_is_an_error(archive, first_read, tags):
    body = bytearray(fault_files.tile(100.0, "COMPRESS=DEFLATE"))
    for tag, value in tags.items():
        struct.pack_into("<I", body, tag_at(body, tag), value)
    archive.put(fault_files.URL, bytes(body))
    reading = first_read(fault_files.NORTH)
    # The window lies in the first block, which is where it was, however wide the raster says it is.
    assert "USGS_13_n43w071.tif" in reading.error or tags == {256: 10**6, 257: 10**6} and reading.valid == 1.0


@pytest.mark.parametrize("share", [0.001, 0.1, 0.5, 0.9])
def test_a_raster_that_ends_early_is_an_error(archive, first_read, share):
    body = fault_files.tile(100.0, "BLOCKXSIZE=256", "BLOCKYSIZE=256", "INTERLEAVE=BAND")
    archive.put(fault_files.URL, body[:int(len(body) * share)])
    reading = first_read(fault_files.NORTH)
    assert "USGS_13_n43w071.tif" in reading.error or share == 0.9 and reading.valid == 1.0
