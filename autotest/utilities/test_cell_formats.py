"""A stored cell is an ordinary Zarr v2 group in a zip: zarr, xarray and GDAL read from it what was written.

The cell comes from the program write_sample_cell of the build tree (TOPOBATHY_BUILD_DIR, default: build/ of the source tree);
the formulas below repeat those of autotest/cpp/cache/sample_cells.h.
"""

import json
import os
import pathlib
import subprocess
import zipfile

import needed
import numpy as np
import pytest

zarr = needed.module("zarr")
xxhash = needed.module("xxhash")
xarray = needed.module("xarray")
gdal = needed.module("osgeo.gdal")
osr = needed.module("osgeo.osr")

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = (
    pathlib.Path(os.environ.get("TOPOBATHY_BUILD_DIR", ROOT / "build"))
    / "tests"
    / "write_sample_cell"
)
NAN = float("nan")
GDAL_VERSION = tuple(int(part) for part in gdal.__version__.split(".")[:2])


class Sample:
    """What the program writes: place, CRS and values."""

    def __init__(self, kind):
        self.kind = kind
        if kind == "geographic":
            # 30 m: cells of 0.05 degrees and 186 pixels
            self.epsg, self.size, self.pixel = 4326, 186, 0.05 / 186
            cell = (-1470, -818)
        else:
            self.epsg, self.size, self.pixel = 32618, 512, 10.0
            cell = (120, -880)
        self.col, self.row = (index * self.size for index in cell)
        self.srs = osr.SpatialReference()
        self.srs.ImportFromEPSG(self.epsg)
        self.srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        self.wkt = self.srs.ExportToWkt(["FORMAT=WKT2_2019"])
        pixels = np.arange(self.size)
        self.x = (self.col + pixels + 0.5) * self.pixel
        self.y = (-(self.row + pixels) - 0.5) * self.pixel
        self._values()

    def _values(self):
        x, y = np.meshgrid(np.arange(self.size) / self.size, np.arange(self.size) / self.size)
        z = 20 * np.sin(7 * x) * np.cos(5 * y) + 3 * np.sin(40 * x * y) - 15
        hole = np.hypot(x - 0.8, y - 0.2) < 0.1
        source = np.where(x + y < 0.7, 70000, np.where(x < 0.5, 80000, 90000))
        uncertainty = np.hypot(0.5, 0.013 * np.minimum(0, z))
        self.elevation = np.where(hole, NAN, z)
        self.uncertainty = np.where(hole | (source == 90000), NAN, uncertainty)
        self.source = np.where(hole, 0, source).astype(np.uint32)

    def write(self, directory):
        run = subprocess.run(
            [PROGRAM, directory, self.kind, self.wkt], capture_output=True, text=True, check=True
        )
        return run.stdout.strip()


@pytest.fixture(scope="module", params=["geographic", "projected"])
def sample(request, tmp_path_factory):
    if not PROGRAM.exists():
        pytest.fail(f"{PROGRAM} is not built: run  make build", pytrace=False)
    result = Sample(request.param)
    result.path = result.write(tmp_path_factory.mktemp("cache"))
    return result


def assert_planes(sample, elevation, uncertainty, source):
    # sin and cos may differ in the last bit between libraries
    np.testing.assert_allclose(elevation, sample.elevation, rtol=1e-6, atol=1e-5)
    np.testing.assert_allclose(uncertainty, sample.uncertainty, rtol=1e-6, atol=1e-5)
    np.testing.assert_array_equal(source, sample.source)


def test_zip_entries_are_stored_and_sound(sample):
    with zipfile.ZipFile(sample.path) as archive:
        assert archive.testzip() is None
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        names = archive.namelist()
        assert len(set(names)) == len(names)
        assert {".zgroup", ".zattrs", ".zmetadata"} <= set(names)


def test_consolidated_metadata_repeats_the_single_files(sample):
    with zipfile.ZipFile(sample.path) as archive:
        consolidated = json.loads(archive.read(".zmetadata"))["metadata"]
        single = {
            name: json.loads(archive.read(name))
            for name in archive.namelist()
            if name.rsplit("/")[-1] in (".zgroup", ".zattrs", ".zarray")
        }
    assert consolidated == single


def test_checksums_are_those_of_the_chunks(sample):
    with zipfile.ZipFile(sample.path) as archive:
        checksums = json.loads(json.loads(archive.read(".zattrs"))["checksums_json"])
        chunks = {n for n in archive.namelist() if not n.rsplit("/")[-1].startswith(".z")}
        assert set(checksums) == chunks
        for name, checksum in checksums.items():
            assert xxhash.xxh3_128_hexdigest(archive.read(name)) == checksum


def test_zarr_reads_types_chunks_and_values(sample):
    with zarr.ZipStore(sample.path, mode="r") as store:
        group = zarr.open_consolidated(store, mode="r")
        assert group["elevation"].dtype == np.dtype("<f4")
        assert group["uncertainty"].dtype == np.dtype("<f4")
        assert group["source_id"].dtype == np.dtype("<u4")
        assert max(group["elevation"].chunks) <= 256
        assert np.isnan(group["elevation"].fill_value)
        assert group["source_id"].fill_value == 0
        assert_planes(
            sample, group["elevation"][:], group["uncertainty"][:], group["source_id"][:]
        )
        np.testing.assert_array_equal(group["x"][:], sample.x)
        np.testing.assert_array_equal(group["y"][:], sample.y)


def test_group_attributes_tell_what_the_cell_is(sample):
    with zarr.ZipStore(sample.path, mode="r") as store:
        attributes = dict(zarr.open_consolidated(store, mode="r").attrs)
    assert attributes["crs"] == f"EPSG:{sample.epsg}"
    assert attributes["pixel_size"] == sample.pixel  # exact
    assert attributes["cell_size"] == sample.size
    assert attributes["level"] == 0
    assert [c * sample.size for c in attributes["cell"]] == [sample.col, sample.row]
    assert np.datetime64(attributes["created_at"].rstrip("Z")) <= np.datetime64("now")
    assert attributes["nan_fraction"] == np.isnan(sample.elevation).mean()
    provenance = json.loads(attributes["provenance_json"])
    assert [row["id"] for row in provenance] == [70000, 80000, 90000]
    assert provenance[0]["survey_id"] == "survey0"
    outcomes = json.loads(attributes["step_outcomes_json"])
    assert [row["status"] for row in outcomes] == ["ok", "ok", "nodata"]
    revisions = json.loads(attributes["source_revisions_json"])
    assert revisions[0] is None  # the step was hidden
    assert revisions[1][0] == ["/data/survey.tif", "4711-1700000000"]
    assert revisions[2] == []


def test_xarray_opens_it_with_coordinates_and_crs(sample):
    store = zarr.ZipStore(sample.path, mode="r")
    with xarray.open_zarr(store, consolidated=True, mask_and_scale=False) as dataset:
        assert dataset["elevation"].dims == ("y", "x")
        assert dataset["source_id"].dtype == np.uint32
        assert_planes(sample, dataset["elevation"], dataset["uncertainty"], dataset["source_id"])
        np.testing.assert_array_equal(dataset["x"], sample.x)
        np.testing.assert_array_equal(dataset["y"], sample.y)
        assert dataset["elevation"].attrs["units"] == "m"
        assert dataset["spatial_ref"].dtype == np.int32
        mapping = dataset[dataset["elevation"].attrs["grid_mapping"]].attrs
        srs = osr.SpatialReference(mapping["crs_wkt"])
        srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        assert srs.IsSame(sample.srs)
        transform = [float(number) for number in mapping["GeoTransform"].split()]
        assert transform[0] == sample.col * sample.pixel
        assert transform[1] == -transform[5] == sample.pixel
        # what is picked by coordinate is the pixel around it
        x, y = sample.x[7] + 0.3 * sample.pixel, sample.y[11] - 0.3 * sample.pixel
        picked = dataset["elevation"].sel(x=x, y=y, method="nearest")
        assert float(picked) == pytest.approx(sample.elevation[11, 7], abs=1e-5)


def test_xarray_saves_it_as_netcdf_once_gdals_attribute_is_dropped(sample, tmp_path):
    with xarray.open_zarr(zarr.ZipStore(sample.path, mode="r"), consolidated=True) as dataset:
        for variable in dataset.variables.values():
            variable.attrs.pop("_CRS", None)
        dataset.to_netcdf(tmp_path / "cell.nc")
    with xarray.open_dataset(tmp_path / "cell.nc") as saved:
        assert_planes(
            sample, saved["elevation"], saved["uncertainty"], saved["source_id"].fillna(0)
        )


@pytest.mark.parametrize("array", ["elevation", "uncertainty", "source_id"])
def test_gdal_opens_every_plane_with_georeferencing(sample, array):
    name = f'ZARR:"/vsizip/{{{sample.path}}}":/{array}'
    dataset = gdal.OpenEx(name, gdal.OF_RASTER)
    assert dataset is not None, gdal.GetLastErrorMsg()
    assert (dataset.RasterXSize, dataset.RasterYSize) == (sample.size, sample.size)
    x0, dx, skew_x, y0, skew_y, dy = dataset.GetGeoTransform()
    assert (skew_x, skew_y) == (0, 0)
    # GDAL derives it from the coordinates; a thousandth of a pixel is its rounding
    assert x0 == pytest.approx(sample.col * sample.pixel, abs=1e-3 * sample.pixel)
    assert y0 == pytest.approx(-sample.row * sample.pixel, abs=1e-3 * sample.pixel)
    assert dx == pytest.approx(sample.pixel, rel=1e-9)
    assert dy == pytest.approx(-sample.pixel, rel=1e-9)
    # Before 3.10 the Zarr driver swaps the axis mapping of every CRS, of its own files too (OSGeo/gdal#11381)
    options = ["IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES"] if GDAL_VERSION < (3, 10) else []
    assert dataset.GetSpatialRef().IsSame(sample.srs, options)
    band = dataset.GetRasterBand(1)
    values = band.ReadAsArray()
    expected = {"elevation": sample.elevation, "uncertainty": sample.uncertainty}.get(array)
    if array == "source_id":
        assert band.DataType == gdal.GDT_UInt32
        assert band.GetNoDataValue() == 0
        np.testing.assert_array_equal(values, sample.source)
    else:
        assert band.DataType == gdal.GDT_Float32
        assert np.isnan(band.GetNoDataValue())
        assert band.GetUnitType() == "m"
        np.testing.assert_allclose(values, expected, rtol=1e-6, atol=1e-5)


def test_gdal_lists_the_planes(sample):
    dataset = gdal.OpenEx(f'ZARR:"/vsizip/{{{sample.path}}}"', gdal.OF_RASTER)
    assert dataset is not None, gdal.GetLastErrorMsg()
    listed = " ".join(name for name, _ in dataset.GetSubDatasets())
    for array in ("elevation", "uncertainty", "source_id"):
        assert f"/{array}" in listed
