"""Which survey made a pixel: attribute table, SOURCES, LocationInfo, counters."""

import json
import xml.etree.ElementTree

import coast
import numpy
import pytest
from osgeo import gdal


@pytest.fixture
def two_files(tmp_path):
    return coast.make(tmp_path)


def rows_of(table):
    names = [table.GetNameOfCol(column) for column in range(table.GetColumnCount())]
    return [{name: table.GetValueAsString(row, column) for column, name in enumerate(names)}
            for row in range(table.GetRowCount())]


def test_every_id_is_in_the_table_and_in_sources(two_files):
    dataset = gdal.Open(two_files.name)
    ids = {str(int(value)) for value in numpy.unique(dataset.GetRasterBand(3).ReadAsArray())}
    rows = rows_of(dataset.GetRasterBand(3).GetDefaultRAT())
    assert len(ids) == 2
    assert ids <= {row["value"] for row in rows}
    sources = {key: json.loads(value) for key, value in dataset.GetMetadata("SOURCES").items()}
    for row in rows:
        assert sources[row["value"]]["provider"] == row["provider"] == "raster"
        assert row["category"]


def test_table_has_the_columns_of_the_contract(two_files):
    dataset = gdal.Open(two_files.name)
    table = dataset.GetRasterBand(3).GetDefaultRAT()
    names = [table.GetNameOfCol(column) for column in range(table.GetColumnCount())]
    assert names[:10] == ["value", "count", "provider", "source_survey_id", "source_institution", "survey_date_start",
                          "survey_date_end", "license_name", "license_url", "vertical_datum"]
    for usage in (gdal.GFU_MinMax, gdal.GFU_Name, gdal.GFU_Red, gdal.GFU_Green, gdal.GFU_Blue):
        assert table.GetColOfUsage(usage) >= 0
    assert dataset.GetRasterBand(1).GetDefaultRAT() is None


def test_survey_names_and_dates_come_from_the_files(sample_coast, write_policy):
    path = write_policy("name: one\ncrs: EPSG:4326\nresolution: 30\nextent: [-70.78, 42.98, -70.72, 43.02]\nvariables:\n"
                        f"  - name: elevation\n    steps:\n      - provider: raster\n        path: {sample_coast}/BlueTopo_BH4SAMPL_20240601.tiff\n")
    dataset = gdal.Open(path)
    ids = dataset.GetRasterBand(3).ReadAsArray()
    rows = {row["value"]: row for row in rows_of(dataset.GetRasterBand(3).GetDefaultRAT())}
    seen = [rows[str(int(value))] for value in numpy.unique(ids[~numpy.isnan(ids)])]
    assert any(row["source_survey_id"] == "H09904" and row["survey_date_start"] == "1981-07-01" for row in seen)
    colours = {(row["red"], row["green"], row["blue"]) for row in seen}
    assert len(colours) == len(seen)


def test_location_info_explains_the_pixel(two_files):
    dataset = gdal.Open(two_files.name)
    column, row = coast.SURVEY[1].start + 3, coast.SURVEY[0].start + 2
    root = xml.etree.ElementTree.fromstring(dataset.GetRasterBand(1).GetMetadataItem(f"Pixel_{column}_{row}", "LocationInfo"))
    pixel, top = root.find("Pixel"), root.find("Contributor")
    assert float(pixel.get("elevation")) == two_files.elevation[row, column]
    assert int(pixel.get("source_id")) == int(dataset.GetRasterBand(3).ReadAsArray(column, row, 1, 1)[0, 0])
    assert (top.get("step"), top.get("provider"), float(top.get("weight"))) == ("survey", "raster", 1.0)
    assert [step.get("name") for step in root.findall("Step")] == ["base", "survey"]


def test_gdallocationinfo_prints_it(two_files, run_tool):
    text = run_tool("gdallocationinfo", two_files.name, coast.SURVEY[1].start + 3, coast.SURVEY[0].start + 2).stdout
    assert "<LocationInfo>" in text and 'step="survey"' in text
    outside = run_tool("gdallocationinfo", "-wgs84", two_files.name, 10, 10, check=False).stdout
    assert "LocationInfo" not in outside


def test_feather_weights_add_up_in_location_info(sample_coast, write_policy):
    path = write_policy(
        "name: two\ncrs: EPSG:4326\nresolution: 30\nextent: [-70.80, 42.96, -70.70, 43.04]\nvariables:\n  - name: elevation\n    steps:\n"
        f"      - provider: raster\n        name: base\n        path: {sample_coast}/global_15s.nc\n"
        f"      - provider: raster\n        name: survey\n        path: {sample_coast}/H19901_MB_4m_MLLW_1of1.bag\n"
        "        operator: metric_feather\n        blend_distance: 200\n")
    dataset = gdal.Open(path)
    elevation = dataset.GetRasterBand(1).ReadAsArray()
    blended = 0
    for row in range(10, dataset.RasterYSize - 10, 13):
        for column in range(10, dataset.RasterXSize - 10, 17):
            item = dataset.GetRasterBand(1).GetMetadataItem(f"Pixel_{column}_{row}", "LocationInfo")
            parts = xml.etree.ElementTree.fromstring(item).findall("Contributor")
            if not parts:
                assert numpy.isnan(elevation[row, column])
                continue
            weights = [float(part.get("weight")) for part in parts]
            mixed = sum(float(part.get("elevation")) * weight for part, weight in zip(parts, weights))
            assert sum(weights) == pytest.approx(1.0, abs=1e-6)
            assert mixed == pytest.approx(float(elevation[row, column]), abs=1e-3)
            blended += len(parts) > 1
    assert blended > 3


def test_cold_fuses_and_warm_only_reads_the_cache(two_files):
    cold = gdal.Open(two_files.name)
    first = cold.ReadAsArray()
    assert int(cold.GetMetadataItem("CELLS_FUSED", "__DEBUG__")) > 0
    cold = None
    warm = gdal.Open(two_files.name)
    warm.FlushCache()  # the cells of this process's memory are not counted
    second = warm.ReadAsArray()
    counters = warm.GetMetadata("__DEBUG__")
    assert first.tobytes() == second.tobytes()
    assert counters["CELLS_FUSED"] == "0" and int(counters["CELLS_FROM_CACHE"]) > 0
    assert counters["SOURCE_PIXELS_READ"] == "0"


def test_occluded_layers_are_not_read(tmp_path, write_policy):
    made = coast.make(tmp_path)
    path = write_policy("name: occluded\ncrs: EPSG:32619\nresolution: 10\nvariables:\n  - name: elevation\n    steps:\n"
                        f"      - provider: raster\n        name: under\n        path: {made.survey}\n"
                        f"      - provider: raster\n        name: over\n        path: {made.base}\n", "occluded.yaml")
    cache = [option for option in made.options if not option.startswith("CACHE")] + [f"CACHE_DIR={tmp_path}/cells"]
    dataset = gdal.OpenEx(path, gdal.OF_RASTER, open_options=cache)
    dataset.ReadAsArray()
    counters = {key: int(value) for key, value in dataset.GetMetadata("__DEBUG__").items()}
    # The upper file covers the first of the two cells completely, and all of the lower file in the second.
    assert counters["CELLS_FUSED"] == 2
    assert counters["LAYERS_OCCLUDED"] >= 1
    assert counters["LAYERS_READ"] + counters["LAYERS_OCCLUDED"] <= 4
