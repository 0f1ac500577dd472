"""`topobathy explain` says what GDAL reads."""

import json
import math

import numpy as np
import pytest
from osgeo import gdal, osr

import places
import policies

COAST = "docs/examples/sample_coast.yaml"
# One a kind: land, shore, feather between surveys, transition, gap between lines, edge of the extent, deep water.
POSITIONS = [(-70.745, 42.985), (-70.7899, 43.0301), (-70.7651, 43.012), (-70.742, 42.99), (-70.7385, 42.9855),
             (-70.752, 42.9835), (-70.7301, 42.9999), (-70.7999, 43.0399), (-70.705, 42.965), (-70.7775, 42.9977)]


@pytest.fixture
def explain(run_tool, sample_coast):
    def run(policy, lon, lat, *options):
        return json.loads(run_tool("topobathy", "explain", policy, lon, lat, "--json", *options, cwd=places.ROOT).stdout)

    return run


def same(value, pixel):
    """Exactly the same Float32, or both without a value."""
    return np.isnan(pixel) if value is None else np.float32(value) == np.float32(pixel)


def pixel_at(dataset, lon, lat):
    """All bands of the pixel below a position, read by osgeo.gdal."""
    wgs84 = osr.SpatialReference()
    wgs84.ImportFromEPSG(4326)
    wgs84.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    x, y, _ = osr.CoordinateTransformation(wgs84, dataset.GetSpatialRef()).TransformPoint(lon, lat)
    left, width, _, top, _, height = dataset.GetGeoTransform()
    col, row = math.floor((x - left) / width), math.floor((y - top) / height)
    return col, row, dataset.ReadAsArray(col, row, 1, 1).ravel()


@pytest.mark.parametrize("lon, lat", POSITIONS)
def test_agrees_with_the_pixel_and_adds_up(explain, run_tool, lon, lat):
    answer = explain(COAST, lon, lat)
    col, row, (elevation, uncertainty, source) = pixel_at(gdal.Open(str(places.ROOT / COAST)), lon, lat)
    assert (answer["pixel"]["column"], answer["pixel"]["row"], answer["pixel"]["inside_extent"]) == (col, row, True)
    assert same(answer["elevation"], elevation)
    assert same(answer["uncertainty"], uncertainty)
    assert same(answer["source_id"], source)

    printed = run_tool("gdallocationinfo", "-valonly", "-wgs84", COAST, lon, lat, cwd=places.ROOT).stdout.split()
    assert float(printed[0]) == pytest.approx(answer["elevation"], rel=1e-6)
    assert int(float(printed[2])) == answer["source_id"]

    parts = answer["contributions"]
    assert sum(part["weight"] for part in parts) == pytest.approx(1.0, abs=1e-6)
    assert sum(part["weight"] * part["elevation"] for part in parts) == pytest.approx(answer["elevation"], abs=1e-3)
    squares = sum((part["weight"] * part["uncertainty"]) ** 2 for part in parts if part["uncertainty"] is not None)
    assert math.sqrt(squares) == pytest.approx(answer["uncertainty"], abs=1e-3)
    assert max(parts, key=lambda part: part["weight"])["source_id"] == answer["source_id"]


def test_contributions_are_the_steps_that_are_ok_top_first(explain):
    answer = explain(COAST, -70.745, 42.985)
    outcomes = {step["step"]: step["status"] for step in answer["steps"]}
    assert list(outcomes) == ["global", "land", "coastal", "bluetopo", "surveys", "lidar"]
    assert outcomes == {"global": "occluded", "land": "occluded", "coastal": "occluded", "bluetopo": "ok", "surveys": "ok",
                        "lidar": "nodata"}
    surveys, bluetopo = answer["contributions"]
    assert (surveys["step"], surveys["rule"]) == ("surveys", "metric_feather 200 m")
    assert surveys["weight"] == pytest.approx(surveys["distance"] / 200, rel=1e-6)
    assert bluetopo["license_name"] == "cc0-1.0"
    assert bluetopo["date_start"] == "2016-04-02"


def test_the_page_shows_this_answer(run_tool, sample_coast):
    shown = (places.ROOT / "docs" / "program.md").read_text(encoding="utf-8").split(
        f"$ topobathy explain {COAST} -70.745 42.985\n", 1)[1].split("     ...\n", 1)[0]
    answer = run_tool("topobathy", "explain", COAST, "-70.745", "42.985", cwd=places.ROOT).stdout
    assert answer.startswith(shown)


@pytest.mark.parametrize("rule, level", [("MEAN", 1), ("MEAN", 3), ("SHOALEST", 2)])
def test_a_level_is_that_of_the_overviews(explain, level, rule):
    dataset = gdal.OpenEx(str(places.ROOT / COAST), open_options=[f"OVERVIEW={rule}"])
    for lon, lat in POSITIONS[:3]:
        answer = explain(COAST, lon, lat, "--level", level, "--overview", rule)
        col, row = answer["pixel"]["column"], answer["pixel"]["row"]
        for band, name in ((1, "elevation"), (2, "uncertainty"), (3, "source_id")):
            overview = dataset.GetRasterBand(band).GetOverview(level - 1)
            assert same(answer[name], overview.ReadAsArray(col, row, 1, 1)[0, 0]), name


@pytest.mark.parametrize("options, open_options", [
    (["--crs", "EPSG:3857", "--zoom", "14"], ["CRS=EPSG:3857", "ZOOM=14"]),
    (["--crs", "EPSG:32619", "--resolution", "8"], ["CRS=EPSG:32619", "RESOLUTION=8"]),
    (["--bbox=-70.76,42.97,-70.72,43.01"], ["BBOX=-70.76,42.97,-70.72,43.01"]),
])
def test_takes_the_drivers_open_options(explain, options, open_options):
    lon, lat = POSITIONS[0]
    answer = explain(COAST, lon, lat, *options)
    dataset = gdal.OpenEx(str(places.ROOT / COAST), open_options=open_options)
    col, row, (elevation, _, source) = pixel_at(dataset, lon, lat)
    assert (answer["pixel"]["column"], answer["pixel"]["row"]) == (col, row)
    assert same(answer["elevation"], elevation) and same(answer["source_id"], source)


def test_outside_the_extent_it_says_so_and_still_answers(explain, run_tool, sample_coast):
    # The global grid goes on beyond the extent of the policy.
    answer = explain(COAST, -70.81, 43.0)
    assert answer["pixel"]["inside_extent"] is False
    assert answer["elevation"] is not None
    text = run_tool("topobathy", "explain", COAST, "-70.81", "43", cwd=places.ROOT).stdout
    assert "The position lies outside the extent of the policy.\n" in text

    far = explain(COAST, 12, -34)
    assert (far["elevation"], far["uncertainty"], far["source_id"], far["contributions"]) == (None, None, None, [])
    assert {step["status"] for step in far["steps"]} == {"nodata"}


def test_a_position_a_turn_away_is_the_same_pixel(explain):
    here, there = explain(COAST, -70.745, 42.985), explain(COAST, 289.255, 42.985)
    assert here["pixel"]["column"] == there["pixel"]["column"] and there["pixel"]["inside_extent"]


def test_fractions_without_a_zero_are_numbers(explain):
    assert explain(COAST, "-.5", "-.25")["asked"] == {"lon": -0.5, "lat": -0.25}


def test_a_source_that_cannot_be_read_fails_or_is_told(run_tool, sample_coast, write_policy, explain):
    steps = [policies.raster_step(sample_coast / "global_15s.nc", name="base"), policies.raster_step("gone.tif", name="gone")]
    path = write_policy(policies.policy(steps, extent=[-70.8, 42.96, -70.7, 43.04]))
    process = run_tool("topobathy", "explain", path, "-70.75", "43", check=False)
    assert process.returncode == 1
    assert process.stdout == ""
    assert process.stderr.startswith("topobathy: step 'gone': cannot read '") and process.stderr.count("\n") == 1

    answer = explain(path, -70.75, 43, "--on-error", "skip")
    gone = answer["steps"][1]
    assert gone["status"] == "failed" and gone["message"].endswith("gone.tif': no such file")
    assert [part["step"] for part in answer["contributions"]] == ["base"]


def test_the_cache_goes_where_it_is_told(explain, cache_dir, tmp_path):
    explain(COAST, *POSITIONS[0], "--cache", "off")
    assert not cache_dir.exists()
    explain(COAST, *POSITIONS[0], "--cache-dir", tmp_path / "elsewhere")
    assert (tmp_path / "elsewhere" / "sources.sqlite").exists() and not cache_dir.exists()
