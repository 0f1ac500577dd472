"""The sample coast is what its manifest says: other tests measure the product with it."""

import hashlib
import os

import numpy as np
import pytest
from osgeo import gdal

import sample_coast as generator
from sample_terrain import Terrain

# Elevation pixels of each file. A change of the generator changes them on purpose; another machine or GDAL must not.
CHECKSUMS = {
    "2022_shore_lidar_dem_2m.tif": "1a1d031dcbd23252",
    "BlueTopo_BH4SAMPL_20240601.tiff": "be6b600ea7aea798",
    "H19901_MB_4m_MLLW_1of1.bag": "c286d9617e65c94b",
    "H19902_MB_8m_MLLW_1of1.bag": "f8d137a7151ec6bb",
    "USGS_13_n43w071_land.tif": "9b534d143c4188b0",
    "global_15s.nc": "ad4be4a2afdf5b3f",
    "ncei19_n43x00_w070x75_2021v1.tif": "e0207fee9f37634c",
    "ncei19_n43x00_w071x00_2021v1.tif": "45ad68461556c69a",
}


def elevation_of(folder, facts):
    """Band 1 as float64 with NaN for no data, and the dataset."""
    dataset = gdal.Open(str(folder / facts["file"]))
    values = dataset.GetRasterBand(1).ReadAsArray().astype(np.float64)
    nodata = float(facts["nodata"])
    return np.where(values == nodata, np.nan, values), dataset



@pytest.fixture(scope="module")
def files(coast_manifest):
    return list(coast_manifest.values())


def test_has_every_kind_of_source(files):
    layers = [facts["layer"] for facts in files]
    assert sorted(set(layers)) == ["bluetopo", "coastal", "global", "land", "lidar", "survey"]
    assert layers.count("coastal") == 2
    assert layers.count("survey") == 2


def test_every_file_opens_with_the_driver_of_its_format(sample_coast, files):
    for facts in files:
        dataset = gdal.Open(str(sample_coast / facts["file"]))
        assert dataset.GetDriver().ShortName == facts["driver"], facts["file"]
        assert [dataset.RasterXSize, dataset.RasterYSize] == facts["size"]
        assert dataset.GetSpatialRef() is not None
        assert dataset.GetGeoTransform()[1] == pytest.approx(facts["pixel_size"], rel=1e-12)


def test_nodata_is_as_stated(sample_coast, files):
    for facts in files:
        dataset = gdal.Open(str(sample_coast / facts["file"]))
        nodata = dataset.GetRasterBand(1).GetNoDataValue()
        assert nodata == pytest.approx(float(facts["nodata"]), nan_ok=True), facts["file"]


def test_elevations_are_the_ground_plus_the_stated_offset(sample_coast, files):
    terrain = Terrain()
    for facts in files:
        values, dataset = elevation_of(sample_coast, facts)
        lon, lat = lonlat_centres(dataset, step=7)
        ground = terrain.at(lon, lat, fine=facts["fine"])
        difference = values[::7, ::7] - ground - facts["offset"]
        difference = difference[np.isfinite(difference) & ~spike_mask(facts, values.shape)[::7, ::7]]
        assert difference.size > 1000, facts["file"]
        # half a quantum of rounding, the noise, and 2 mm for the interpolated UTM positions
        assert np.abs(difference).max() <= facts["noise"] + facts["quantum"] / 2 + 0.002, facts["file"]
        assert abs(difference.mean()) < 0.02, facts["file"]


def lonlat_centres(dataset, step):
    """Longitude and latitude of every step-th pixel's centre, by PROJ."""
    left, dx, _, top, _, dy = dataset.GetGeoTransform()
    x = left + (np.arange(0, dataset.RasterXSize, step) + 0.5) * dx
    y = top + (np.arange(0, dataset.RasterYSize, step) + 0.5) * dy
    if dataset.GetSpatialRef().IsGeographic():
        return x[None, :], y[:, None]
    columns, rows = np.meshgrid(x, y)
    points = np.array(generator.transform(generator.UTM, "EPSG:4326", np.stack([columns.ravel(), rows.ravel()], 1).tolist()))
    return points[:, 0].reshape(columns.shape), points[:, 1].reshape(columns.shape)


def spike_mask(facts, shape):
    mask = np.zeros(shape, bool)
    for col, row in facts.get("spikes", []):
        mask[row, col] = True
    return mask


def test_spikes_stand_out_of_their_survey(sample_coast, files):
    facts = next(facts for facts in files if facts.get("spikes"))
    values, _ = elevation_of(sample_coast, facts)
    for col, row in facts["spikes"]:
        around = values[row - 2:row + 3, col - 2:col + 3].copy()
        around[2, 2] = np.nan
        assert values[row, col] - np.nanmedian(around) > 8.0


def test_surveys_have_holes_and_state_their_uncertainty(sample_coast, files):
    for facts in (facts for facts in files if facts["layer"] == "survey"):
        values, dataset = elevation_of(sample_coast, facts)
        uncertainty = dataset.GetRasterBand(2).ReadAsArray()
        valid = np.isfinite(values)
        assert 0.1 < valid.mean() < 0.9
        assert np.array_equal(valid, uncertainty != 1e6)
        assert 0.1 < uncertainty[valid].min() <= uncertainty[valid].max() < 1.5
        middle_row = valid[valid.shape[0] // 2]
        inside = np.flatnonzero(middle_row)
        assert not middle_row[inside[0]:inside[-1]].all()  # a hole, not only an outline


def test_footprints_overlap_and_cover_the_extent(files):
    west, south, east, north = generator.EXTENT
    by_layer = {}
    for facts in files:
        box = facts["footprint"]
        assert box[0] < east and box[2] > west and box[1] < north and box[3] > south, facts["file"]
        by_layer.setdefault(facts["layer"], []).append(box)
    ((left, bottom, right, top),) = by_layer["global"]
    assert left < west and bottom < south and right > east and top > north
    first, second = by_layer["survey"]
    assert min(first[2], second[2]) > max(first[0], second[0])
    assert min(first[3], second[3]) > max(first[1], second[1])


def test_neighbouring_tiles_agree_where_they_overlap(sample_coast, files):
    west, east = [elevation_of(sample_coast, facts) for facts in files if facts["layer"] == "coastal"]
    columns = 12
    difference = west[0][:, -columns:] - east[0][:, :columns]
    assert west[1].GetGeoTransform()[3] == east[1].GetGeoTransform()[3]
    assert np.isfinite(difference).sum() > 1000
    assert np.nanmax(np.abs(difference)) == 0.0
    assert np.array_equal(np.isnan(west[0][:, -columns:]), np.isnan(east[0][:, :columns]))


def test_bluetopo_ids_are_all_in_its_attribute_table(sample_coast, files):
    facts = next(facts for facts in files if facts["layer"] == "bluetopo")
    dataset = gdal.Open(str(sample_coast / facts["file"]))
    assert [dataset.GetRasterBand(i).GetDescription() for i in (1, 2, 3)] == ["Elevation", "Uncertainty", "Contributor"]
    band = dataset.GetRasterBand(3)
    table = band.GetDefaultRAT()
    listed = {table.GetValueAsInt(row, 0) for row in range(table.GetRowCount())}
    assert len(listed) == len(facts["contributors"]) >= 4
    assert band.GetOverviewCount() == 2
    for level in (band, band.GetOverview(0), band.GetOverview(1)):
        ids = level.ReadAsArray()
        assert set(np.unique(ids[np.isfinite(ids)]).astype(int)) <= listed
    counted = sum(table.GetValueAsInt(row, 1) for row in range(table.GetRowCount()))
    assert counted == np.isfinite(band.ReadAsArray()).sum()


def test_pixels_are_the_same_on_every_machine(sample_coast, files):
    found = {}
    for facts in files:
        dataset = gdal.Open(str(sample_coast / facts["file"]))
        values = dataset.GetRasterBand(1).ReadAsArray()
        found[facts["file"]] = hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()[:16]
    assert found == CHECKSUMS


def test_is_small(sample_coast, files):
    assert sum(os.path.getsize(sample_coast / facts["file"]) for facts in files) < 15e6


def test_a_second_run_writes_only_what_is_missing(tmp_path, monkeypatch):
    runs = []

    class OneFile:
        """Stands for SampleCoast: the rule is tested, not the terrain again."""

        files = []

        def __init__(self, folder):
            self.folder = folder

        def write(self):
            runs.append(self.folder)
            with open(os.path.join(self.folder, "one.tif"), "w") as file:
                file.write("pixels")

    monkeypatch.setattr(generator, "SampleCoast", OneFile)
    folder = str(tmp_path / "coast")
    assert generator.make_sample_coast(folder)
    assert not generator.make_sample_coast(folder)
    (tmp_path / "coast" / "one.tif").write_text("cut")
    assert generator.make_sample_coast(folder)
    (tmp_path / "coast" / "one.tif").unlink()
    assert generator.make_sample_coast(folder)
    monkeypatch.setattr(generator, "generator_hash", lambda: "of another version")
    assert generator.make_sample_coast(folder)
    assert len(runs) == 4
    assert sorted(os.listdir(folder)) == [".lock", ".stamp", "manifest.json", "one.tif"]
