"""What the archives on loopback hold: real formats, true checksums, and the made-up ground with the stated offsets."""

import hashlib
import io
import struct
import zipfile

import numpy as np
import pytest
from osgeo import gdal, ogr, osr

import needed
import places
import sample_formats
from archive import ausseabed, bluetopo, cudem, datums, gebco_grid, threedep
from archive.coastal_lidar import PROJECTS
from archive_client import ask
from sample_terrain import Terrain


TOKENS = "https://planetarycomputer.microsoft.com/api/sas/v1/token/"


@pytest.fixture(autouse=True)
def no_side_files():
    """GDAL looks for no files beside what it opens."""
    gdal.SetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR")
    yield
    gdal.SetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", None)


def open_over_http(archive, item):
    """As a client does: over the network, signed where that is asked for."""
    url = item.url
    token = ""
    if ".blob." in url:
        account, container = url.removeprefix("https://").split("/")[:2]
        token = "?" + ask(archive, f"{TOKENS}{account.split('.')[0]}/{container}").json["token"]
    gdal.VSICurlClearCache()
    path = f"/vsicurl/{archive.url(url)}{token}"
    if "member" in item.facts:
        path = f"/vsizip/{{{path}}}/{item.facts['member']}"
    if url.endswith(".bag"):  # HDF5 wants a file
        gdal.FileFromMemBuffer("/vsimem/archive.bag", archive.get(url))
        path = "/vsimem/archive.bag"
    return gdal.Open(path)


def middle_of(dataset, item, side=24):
    """Values and their lon/lat of a square of pixels that has data, near the middle of the item's box."""
    spatial_ref = dataset.GetSpatialRef().Clone()
    spatial_ref.StripVertical()
    spatial_ref.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    to_degrees = osr.CoordinateTransformation(spatial_ref, sample_formats.spatial_ref("EPSG:4326"))
    west, south, east, north = to_degrees.GetInverse().TransformBounds(*item.box, 21)
    left, dx, _, top, _, dy = dataset.GetGeoTransform()
    for part in np.linspace(0.25, 0.75, 9):
        col = int((west + (east - west) * part - left) / dx)
        row = int((north + (south - north) * part - top) / dy)
        values = dataset.GetRasterBand(1).ReadAsArray(col, row, side, side).astype(np.float64)
        nodata = dataset.GetRasterBand(1).GetNoDataValue()
        valid = np.isfinite(values) & (values != (nodata if nodata is not None else item.facts["sea"]))
        if valid.sum() > 40:
            x, y = np.meshgrid(left + (col + np.arange(side) + 0.5) * dx, top + (row + np.arange(side) + 0.5) * dy)
            points = np.array(to_degrees.TransformPoints(np.stack([x[valid], y[valid]], 1).tolist()))
            return values[valid], points[:, 0], points[:, 1]
    raise AssertionError(f"{item.url} has no data near its middle")


def ground_at(lon, lat, fine=True):
    """The made-up ground at points; two rows, for one is taken for a grid's axis."""
    return Terrain().at(lon[None, :].repeat(2, 0), lat[None, :].repeat(2, 0), fine)[0]


def rasters(contents):
    return [item for item in contents.items if item.offset is not None and item.archive not in ("usgs_lidar", "ncei_surveys")]


def test_every_raster_is_the_ground_plus_its_offset(archive):
    items = rasters(archive.contents)
    assert {item.archive for item in items} == {"noaa_bluetopo", "ncei_bag", "ncei_cudem", "noaa_topobathy", "usgs_3dep",
                                               "copernicus_dsm", "nasadem", "jcu_gbr100", "etopo_2022"}
    for item in items:
        values, lon, lat = middle_of(open_over_http(archive, item), item)
        moved = item.facts.get("moved", (0.0, 0.0))
        expected = ground_at(lon - moved[0], lat - moved[1], item.facts.get("fine", True)) + item.offset
        expected += datums.geoid(lon, lat) if item.datum == "ellipsoid" else 0.0
        difference = np.abs(values - expected)
        rounding = 0.501 if item.archive in ("nasadem", "etopo_2022") else 0.01
        assert np.median(difference) < rounding + 0.1 and np.quantile(difference, 0.9) < rounding + 0.15, item.url
    assert archive.log.count(status=200) + archive.log.count(status=206) > len(items)


def test_published_tiles_have_their_true_extent_and_pixels(archive):
    expected = {"USGS_13_n43w071.tif": (10812, 1 / 10800, -71 - 6 / 10800, 43 + 6 / 10800),
                "USGS_1_n43w071.tif": (3612, 1 / 3600, -71 - 6 / 3600, 43 + 6 / 3600),
                "Copernicus_DSM_COG_10_N42_00_W071_00_DEM.tif": (3600, 1 / 3600, -71 - 0.5 / 3600, 43 + 0.5 / 3600),
                "NASADEM_HGT_n42w071.tif": (3601, 1 / 3600, -71 - 0.5 / 3600, 43 + 0.5 / 3600)}
    for name, (side, pixel, left, top) in expected.items():
        dataset = open_over_http(archive, archive.contents.file(name))
        transform = dataset.GetGeoTransform()
        assert (dataset.RasterXSize, dataset.RasterYSize) == (side, side)
        assert (transform[0], transform[1], transform[3]) == pytest.approx((left, pixel, top), abs=1e-10)
        assert dataset.GetRasterBand(1).GetOverviewCount() >= 3


def test_every_geotiff_is_cloud_optimized(archive):
    validator = needed.module("osgeo_utils.samples.validate_cloud_optimized_geotiff")
    gdal.SetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", None)
    for item in archive.contents.items:
        if item.url.endswith((".tif", ".tiff")):
            path = str(places.ARCHIVE / item.url.removeprefix("https://"))
            warnings, errors, _ = validator.validate(path, full_check=True)
            assert not warnings and not errors, item.url


def test_a_window_of_a_big_tile_costs_little(archive):
    item = archive.contents.file("USGS_13_n43w071.tif")
    dataset = open_over_http(archive, item)
    dataset.GetRasterBand(1).ReadAsArray(3000, 100, 256, 256)
    assert 0 < archive.log.bytes("USGS_13") < 1.5e6
    coarse = dataset.GetRasterBand(1).GetOverview(2).ReadAsArray()
    valid = coarse != threedep.NODATA
    assert valid.sum() > 500 and -1.0 < coarse[valid].min() < coarse[valid].max() < 100.0


def test_bluetopo_scheme_is_true(archive):
    gdal.FileFromMemBuffer("/vsimem/scheme.gpkg", archive.get(bluetopo.SCHEME))
    package = ogr.Open("/vsimem/scheme.gpkg")
    layer = package.GetLayer(0)
    assert layer.GetName() == bluetopo.SCHEME.rsplit("/", 1)[1].removesuffix(".gpkg")
    assert [layer.GetLayerDefn().GetFieldDefn(i).GetName() for i in range(8)] == list(bluetopo.FIELDS)
    tables = package.ExecuteSQL(f"SELECT name FROM sqlite_master WHERE name = 'rtree_{layer.GetName()}_geom'")
    assert tables.GetFeatureCount() == 1
    rows = [feature.items() for feature in layer]
    delivered = [row for row in rows if row["GeoTIFF_Link"]]
    assert len(rows) > 585 and {row["tile"] for row in delivered} == {"BH4SAMPL", "BH4SAMP4", "BH54S4ZB"}
    for row in delivered:
        assert hashlib.sha256(ask(archive, row["GeoTIFF_Link"]).body).hexdigest() == row["GeoTIFF_SHA256_Checksum"]
        assert hashlib.sha256(ask(archive, row["RAT_Link"]).body).hexdigest() == row["RAT_SHA256_Checksum"]


def test_bluetopo_tiles_have_three_bands_and_a_table(archive):
    gdal.SetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", None)  # the table lies beside
    for item in archive.contents.of("noaa_bluetopo"):
        dataset = gdal.Open(f"/vsicurl/{archive.url(item.url)}")
        assert [dataset.GetRasterBand(i).GetDescription() for i in (1, 2, 3)] == ["Elevation", "Uncertainty", "Contributor"]
        table = dataset.GetRasterBand(3).GetDefaultRAT()
        ids = dataset.GetRasterBand(3).ReadAsArray()
        listed = {table.GetValueAsInt(row, 0) for row in range(table.GetRowCount())}
        assert set(np.unique(ids[np.isfinite(ids)]).astype(int)) <= listed, item.url
        assert np.isnan(dataset.GetRasterBand(1).GetNoDataValue())


def test_tile_indexes_name_what_is_there(archive):
    index = f"{cudem.FOLDER}{cudem.INDEX}.zip"
    gdal.FileFromMemBuffer("/vsimem/index.zip", ask(archive, index).body)
    index = ogr.Open("/vsizip//vsimem/index.zip")
    rows = [feature.items() for feature in index.GetLayer(0)]
    listed = ask(archive, cudem.FOLDER + "urllist8483.txt").text.split()
    assert sorted(row["URL"] for row in rows) == sorted(listed) == sorted(item.url for item in archive.contents.of("ncei_cudem"))
    assert all(ask(archive, url, "HEAD").status == 200 for url in listed)
    for project in PROJECTS:
        files = ask(archive, f"{project.url}urllist{project.id}.txt").text.split()
        assert len(files) == len(project.boxes)
        page = ask(archive, project.url + "index.html").text
        assert all(url.rsplit("/", 1)[1] in page for url in files)


def test_coastal_lidar_index_leads_to_projects_and_records(archive):
    page = ask(archive, "https://noaa-nos-coastal-lidar-pds.s3.amazonaws.com/laz/index.html").text
    for feature in ask(archive, "https://noaa-nos-coastal-lidar-pds.s3.amazonaws.com/laz/dav.json").json["features"]:
        link = feature["properties"]["ExternalProviderLink"]["links"][0]["link"]
        assert link in page and ask(archive, link).status == 200
        record = ask(archive, feature["properties"]["Metalink"] + "/inport-xml")
        assert record.headers["Content-Type"] == "application/xml" and feature["properties"]["Name"] in record.text
    assert ask(archive, "https://www.fisheries.noaa.gov/inport/item/1/inport-xml").status == 404


def test_national_mosaic_places_each_tile(archive):
    text = ask(archive, f"{threedep.BASE}13/TIFF/USGS_Seamless_DEM_13.vrt").text
    here = text.replace("/vsicurl/https://", f"/vsicurl/{archive.address}/")
    mosaic = gdal.Open(here)
    left, dx, _, top, _, dy = mosaic.GetGeoTransform()
    tile = open_over_http(archive, archive.contents.file("USGS_13_n43w071.tif"))
    col = round((tile.GetGeoTransform()[0] - left) / dx)
    row = round((tile.GetGeoTransform()[3] - top) / dy)
    window = (2500, 100, 32, 32)
    assert np.array_equal(mosaic.GetRasterBand(1).ReadAsArray(col + window[0], row + window[1], 32, 32),
                          tile.GetRasterBand(1).ReadAsArray(*window))


def test_the_world_joins_the_sample_coast(archive, sample_coast):
    dataset = gdal.Open(str(sample_coast / "global_15s.nc"))
    values = dataset.GetRasterBand(1).ReadAsArray()[::-1]
    rows = np.arange(round((gebco_grid.SOUTH + 90) * 240), round((gebco_grid.NORTH + 90) * 240))
    columns = np.arange(round((gebco_grid.WEST + 180) * 240), round((gebco_grid.EAST + 180) * 240))
    assert np.array_equal(values, gebco_grid.elevation(rows, columns))
    assert abs(int(gebco_grid.elevation([20000], [0])[0, 0]) - int(gebco_grid.elevation([20000], [86399])[0, 0])) <= 1
    assert set(np.unique(gebco_grid.tid(rows, columns))) == {0, 10, 11, 17, 40, 42, 70}


def read_points(archive, item, name, members):
    """x, y, z, class of the points in nodes of a packed EPT tree."""
    types = {("signed", 4): "<i4", ("unsigned", 1): "u1", ("unsigned", 2): "<u2", ("unsigned", 4): "<u4", ("float", 8): "<f8"}
    layout = np.dtype([(field["name"], types[field["type"], field["size"]]) for field in name["schema"]])
    base = item.url.removesuffix("ept.json")
    points = np.concatenate([np.frombuffer(ask(archive, f"{base}ept-data/{key}.bin").body, layout) for key in members])
    place = [points[field["name"]] * field["scale"] + field["offset"] for field in name["schema"][:3]]
    return (*place, points["Classification"])


def hierarchy(archive, item, key="0-0-0-0"):
    base = item.url.removesuffix("ept.json")
    nodes = {}
    for name, count in ask(archive, f"{base}ept-hierarchy/{key}.json").json.items():
        nodes |= hierarchy(archive, item, name) if count == -1 else {name: count}
    return nodes


def test_points_lie_on_the_ground(archive):
    item = next(item for item in archive.contents.of("usgs_lidar") if item.facts["encoding"] == "binary")
    description = ask(archive, item.url).json
    nodes = hierarchy(archive, item)
    assert sum(nodes.values()) == description["points"] == item.facts["points"]
    x, y, z, classes = read_points(archive, item, description, nodes)
    assert set(np.unique(classes)) == {2, 7, 40, 41}
    low, high = description["boundsConforming"][:3], description["boundsConforming"][3:]
    assert all(a <= plane.min() and plane.max() <= b for plane, a, b in zip((x, y, z), low, high))
    to_degrees = osr.CoordinateTransformation(sample_formats.spatial_ref("EPSG:3857"), sample_formats.spatial_ref("EPSG:4326"))
    some = np.flatnonzero((classes == 2) | (classes == 40))[::100]
    degrees = np.array(to_degrees.TransformPoints(np.stack([x[some], y[some]], 1).tolist()))
    assert np.abs(z[some] - item.offset - ground_at(degrees[:, 0], degrees[:, 1])).max() < 0.02


def test_nodes_hold_the_points_of_their_cube(archive):
    item = next(item for item in archive.contents.of("usgs_lidar") if item.facts["encoding"] == "binary")
    description = ask(archive, item.url).json
    nodes = hierarchy(archive, item)
    assert max(int(key.split("-")[0]) for key in nodes) >= 3
    corner, side = np.array(description["bounds"][:3]), description["bounds"][3] - description["bounds"][0]
    for key in list(nodes)[::9]:
        depth, *index = (int(part) for part in key.split("-"))
        planes = read_points(archive, item, description, [key])[:3]
        for plane, start, position in zip(planes, corner, index):
            cell = side / 2**depth
            assert plane.min() >= start + position * cell - 0.02 and plane.max() <= start + (position + 1) * cell + 0.02


def test_the_outlines_name_every_project(archive):
    index = ask(archive, "https://raw.githubusercontent.com/hobuinc/usgs-lidar/master/boundaries/resources.geojson").json
    for feature in index["features"]:
        assert ask(archive, feature["properties"]["url"]).json["points"] == feature["properties"]["count"]


def test_compressed_points_are_the_same_format(archive):
    binary, packed = (next(item for item in archive.contents.of("usgs_lidar") if item.facts["encoding"] == kind)
                      for kind in ("binary", "zstandard"))
    assert ask(archive, packed.url).json["dataType"] == "zstandard"
    bodies = [ask(archive, item.url.replace("ept.json", f"ept-data/0-0-0-0{end}")).body
              for item, end in ((binary, ".bin"), (packed, ".zst"))]
    assert struct.unpack("<I", bodies[1][:4])[0] == 0xFD2FB528
    assert len(bodies[1]) < len(bodies[0])


def test_the_reef_is_one_zip(archive):
    (item,) = archive.contents.of("jcu_gbr100")
    package = zipfile.ZipFile(io.BytesIO(ask(archive, item.url).body))
    assert package.testzip() is None and ausseabed.MEMBER in package.namelist()


def test_grids_shift_as_stated(archive):
    for name, surface in (("us_noaa_g2018u0.tif", datums.geoid), ("us_nga_egm08_25.tif", datums.egm2008)):
        dataset = gdal.Open(f"/vsicurl/{archive.url('https://cdn.proj.org/' + name)}")
        assert dataset.GetRasterBand(1).GetDescription() == "geoid_undulation"
        left, dx, _, top, _, dy = dataset.GetGeoTransform()
        value = dataset.GetRasterBand(1).ReadAsArray(75, 60, 1, 1)[0, 0]
        assert value == pytest.approx(surface(left + 75.5 * dx, top + 60.5 * dy), abs=1e-5)
    files = ask(archive, "https://cdn.proj.org/files.geojson").json["features"]
    assert all(ask(archive, feature["properties"]["url"], "HEAD").status == 200 for feature in files)


def test_vdatum_surfaces_give_the_separation(archive):
    (item,) = archive.contents.of("vdatum")
    gdal.FileFromMemBuffer("/vsimem/vdatum.zip", ask(archive, item.url).body)
    region = item.facts["region"]
    tss, mllw = (gdal.Open(f"/vsizip//vsimem/vdatum.zip/vdatum/{region}/{region}_{name}.gtx") for name in ("tss", "mllw"))
    left, dx, _, top, _, dy = tss.GetGeoTransform()
    difference = tss.ReadAsArray(50, 40, 1, 1)[0, 0] - mllw.ReadAsArray(50, 40, 1, 1)[0, 0]
    assert difference == pytest.approx(datums.separation(left + 50.5 * dx - 360, top + 40.5 * dy), abs=1e-5)


def test_the_list_of_contents_is_complete(archive):
    for item in archive.contents.items:
        if item.archive != "ncei_surveys" and ".blob." not in item.url:
            assert ask(archive, item.url, "HEAD").status == 200, item.url
    assert archive.contents.of("ncei_bag", survey="H19901")[0].datum == "MLLW"
