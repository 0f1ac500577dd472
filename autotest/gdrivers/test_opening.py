"""Every way to name a policy, and what the dataset says of itself."""

import json
import pathlib
import subprocess
import sys
import threading
import time
import zipfile

import coast
import numpy
import policies
import pytest
from osgeo import gdal, osr


@pytest.fixture
def two_files(tmp_path):
    return coast.make(tmp_path)


def counters(dataset):
    return {key: int(value) for key, value in dataset.GetMetadata("__DEBUG__").items()}


def test_opening_reads_no_pixel_and_says_what_it_is(two_files):
    dataset = gdal.OpenEx(two_files.policy, gdal.OF_RASTER, open_options=two_files.options)
    assert (dataset.RasterXSize, dataset.RasterYSize) == (coast.WIDTH, coast.HEIGHT)
    assert dataset.GetGeoTransform() == (coast.LEFT, 10.0, 0.0, coast.TOP, 0.0, -10.0)
    assert dataset.GetSpatialRef().GetAuthorityCode(None) == "32619"
    metadata = dataset.GetMetadata()
    assert metadata["POLICY_NAME"] == "Coast of two files"
    assert metadata["POLICY_VERSION"] == "2.1"
    assert len(metadata["POLICY_HASH"]) == 64
    assert dataset.GetFileList() == [two_files.policy]
    names = [dataset.GetRasterBand(i).GetDescription() for i in (1, 2, 3)]
    assert names == ["Elevation", "Uncertainty", "Contributor"]
    assert set(counters(dataset).values()) == {0}


def test_the_connection_string_works_alone(two_files):
    by_options = gdal.OpenEx(two_files.policy, gdal.OF_RASTER, open_options=two_files.options)
    by_name = gdal.Open(two_files.name)
    assert by_name.GetGeoTransform() == by_options.GetGeoTransform()
    assert by_name.ReadAsArray().tobytes() == by_options.ReadAsArray().tobytes()


def test_bbox_in_degrees_and_another_crs(two_files):
    dataset = gdal.Open(f"TOPOBATHY:{two_files.policy}?resolution=20&bbox=-68.85,41.59,-68.80,41.62&crs=EPSG:3857")
    assert dataset.GetSpatialRef().GetAuthorityCode(None) == "3857"
    assert dataset.GetGeoTransform()[1] == 20.0
    assert numpy.isfinite(dataset.GetRasterBand(1).ReadAsArray()).any()


def test_zoom_lies_on_the_web_tile_grid(two_files):
    dataset = gdal.Open(f"TOPOBATHY:{two_files.policy}?crs=EPSG:3857&zoom=12&bbox=-68.85,41.59,-68.80,41.62")
    pixel = dataset.GetGeoTransform()[1]
    assert pixel == pytest.approx(2 * numpy.pi * 6378137 / (256 * 2**12), rel=1e-12)
    assert dataset.GetGeoTransform()[0] / pixel == pytest.approx(round(dataset.GetGeoTransform()[0] / pixel), abs=1e-6)


def test_inline_json_and_yaml(two_files, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = pathlib.Path(two_files.policy).read_text(encoding="utf-8")
    options = "&".join(two_files.options)
    policy = policies.policy([policies.raster_step("base.tif", name="base"), policies.raster_step("survey.tif", name="survey")],
                             name="inline", crs="EPSG:32619", resolution=10)
    for name in (f"TOPOBATHY:?{options}\n{text}", f"TOPOBATHY:?{options}\n{json.dumps(policy)}"):
        assert numpy.array_equal(coast.read_band(name), two_files.elevation)
    by_options = gdal.OpenEx("TOPOBATHY:" + json.dumps(policy), gdal.OF_RASTER, open_options=two_files.options)
    assert numpy.array_equal(by_options.GetRasterBand(1).ReadAsArray(), two_files.elevation)
    assert by_options.GetFileList() is None


def test_policies_in_memory_and_in_a_zip(two_files, tmp_path):
    absolute = pathlib.Path(two_files.policy).read_text(encoding="utf-8").replace("base.tif", two_files.base)
    absolute = absolute.replace("survey.tif", two_files.survey)
    gdal.FileFromMemBuffer("/vsimem/policy.yaml", absolute)
    with zipfile.ZipFile(tmp_path / "policies.zip", "w") as archive:
        archive.writestr("policy.yaml", absolute)
    try:
        for path in ("/vsimem/policy.yaml", f"/vsizip/{tmp_path}/policies.zip/policy.yaml"):
            assert numpy.array_equal(coast.read_band(path, options=two_files.options), two_files.elevation)
    finally:
        gdal.Unlink("/vsimem/policy.yaml")


def test_a_policy_below_a_long_licence_opens(two_files, tmp_path):
    path = tmp_path / "licensed.yaml"
    path.write_text("# licence text\n" * 400 + pathlib.Path(two_files.policy).read_text(encoding="utf-8"), encoding="utf-8")
    assert gdal.Open(str(path)) is not None


@pytest.mark.parametrize("name", ["with blank.yaml", "100%.yaml", "a%3Fb.yaml", "plain.txt", "öst.yaml"])
def test_odd_file_names_open(two_files, tmp_path, name):
    path = tmp_path / name
    path.write_text(pathlib.Path(two_files.policy).read_text(encoding="utf-8"), encoding="utf-8")
    assert gdal.Open(str(path)) is not None
    assert gdal.Open(f"TOPOBATHY:{path}?resolution=20").GetGeoTransform()[1] == 20.0


def test_a_question_mark_in_a_path_is_escaped(two_files, tmp_path):
    path = tmp_path / "what?.yaml"
    path.write_text(pathlib.Path(two_files.policy).read_text(encoding="utf-8"), encoding="utf-8")
    escaped = str(path).replace("?", "%3F")
    assert gdal.Open(f"TOPOBATHY:{escaped}?resolution=20").GetGeoTransform()[1] == 20.0


def test_bands_types_and_nodata_follow_the_options(two_files):
    dataset = gdal.Open(two_files.name + "&BANDS=Contributor,Elevation&CONTRIBUTOR_TYPE=UInt32&NODATA=-9999")
    ids, elevation = dataset.GetRasterBand(1), dataset.GetRasterBand(2)
    assert (ids.GetDescription(), ids.DataType, ids.GetNoDataValue()) == ("Contributor", gdal.GDT_UInt32, 0)
    assert (elevation.GetDescription(), elevation.DataType, elevation.GetNoDataValue()) == ("Elevation", gdal.GDT_Float32, -9999)
    assert ids.ReadAsArray().min() >= 65536


def test_vertical_crs_makes_a_compound_crs(tmp_path):
    made = coast.make(tmp_path, vertical_crs="EPSG:5703")
    assert gdal.Open(made.name).GetSpatialRef().IsCompound()
    assert not gdal.Open(made.name + "&VERTICAL_CRS_IN_SRS=NO").GetSpatialRef().IsCompound()


def test_axis_order_is_east_north(tmp_path):
    made = coast.make(tmp_path)
    dataset = gdal.Open(f"TOPOBATHY:{made.policy}?crs=EPSG:4326&bbox=-68.85,41.59,-68.80,41.62")
    assert dataset.GetSpatialRef().GetAxisMappingStrategy() == osr.OAMS_TRADITIONAL_GIS_ORDER
    assert dataset.GetGeoTransform()[0] == pytest.approx(-68.85, abs=0.01)


def test_gdals_overview_level_option_works(two_files):
    dataset = gdal.OpenEx(two_files.name, gdal.OF_RASTER, open_options=["OVERVIEW_LEVEL=0"])
    assert (dataset.RasterXSize, dataset.RasterYSize) == (coast.WIDTH // 2, coast.HEIGHT // 2)


def test_nothing_is_written_beside_the_policy(two_files, tmp_path):
    before = sorted(path.name for path in tmp_path.iterdir())
    dataset = gdal.Open(two_files.name)
    dataset.GetRasterBand(1).ComputeStatistics(False)
    dataset.SetMetadataItem("MINE", "1")
    dataset = None
    after = sorted(path.name for path in tmp_path.iterdir() if path.name != "cache")
    assert after == before


def test_a_changed_file_is_seen_after_flush(two_files):
    dataset = gdal.Open(two_files.name)
    before = dataset.GetRasterBand(1).ReadAsArray(0, 0, 1, 1)[0, 0]
    time.sleep(0.02)
    changed = gdal.Open(two_files.base, gdal.GA_Update)
    changed.GetRasterBand(1).WriteArray(numpy.full((1, 1), before - 7.0, numpy.float32))
    changed = None
    dataset.FlushCache()
    assert dataset.GetRasterBand(1).ReadAsArray(0, 0, 1, 1)[0, 0] == before - 7.0


def test_many_datasets_in_many_threads_agree(two_files):
    wrong = []

    def work(seed):
        random = numpy.random.default_rng(seed)
        dataset = gdal.Open(two_files.name)
        for _ in range(20):
            column, row = int(random.integers(0, coast.WIDTH - 50)), int(random.integers(0, coast.HEIGHT - 50))
            pixels = dataset.GetRasterBand(1).ReadAsArray(column, row, 50, 50)
            if not numpy.array_equal(pixels, two_files.elevation[row:row + 50, column:column + 50]):
                wrong.append((seed, column, row))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_shared_open_gives_one_dataset(two_files):
    flags = gdal.OF_RASTER | gdal.OF_SHARED
    first, second = gdal.OpenEx(two_files.name, flags), gdal.OpenEx(two_files.name, flags)
    assert first.this == second.this


@pytest.mark.parametrize("ending", ["", "dataset = band = None", "dataset = band = None\ngdal.GDALDestroyDriverManager()"])
def test_a_process_ends_well_with_pixels_and_handles_in_memory(two_files, ending):
    program = ("from osgeo import gdal\ngdal.UseExceptions()\n"
               f"dataset = gdal.Open({two_files.name!r})\nband = dataset.GetRasterBand(1)\nband.ReadAsArray()\n{ending}\n")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
