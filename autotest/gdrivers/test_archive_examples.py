"""The policies of docs/examples that name archives only open, read, and read again with the archives gone."""

import shutil

import numpy
import pytest

import places
from archive import ncei
from archive_reading import Elsewhere, nobody_asked, planes, same_pixels
from fused import Fused

PLACES = {  # where the archives on loopback have content; the sample coast stands in for other American coasts
    "global_default": "-70.76,42.97,-70.72,43.01",
    "great_barrier_reef": "145.25,-16.62,145.45,-16.50",
    "wlis": "-70.765,42.980,-70.740,43.005",
    "great_bay_estuary": "-70.770,42.995,-70.755,43.010",
}
SHOWN = {  # providers that some pixel comes from
    "global_default": {"gebco_2025", "usgs_3dep", "noaa_bluetopo"},
    "great_barrier_reef": {"gebco_2025", "jcu_gbr100"},
    "wlis": {"usgs_3dep", "noaa_bluetopo", "ncei_bag"},
    "great_bay_estuary": {"usgs_3dep", "ncei_cudem", "noaa_topobathy"},
}


@pytest.fixture
def whole(online):
    """The archives without the survey that is listed with files and has none (a step may skip that, and its cells are marked)."""
    (survey,) = [item for item in online.contents.of("ncei_bag") if item.facts["survey"] == "H19901"]
    online.put(ncei.landing_page("H11990"), ncei._page("H11990", f'<a href="{survey.url}">{survey.name}</a>').encode())
    return online


def example(name):
    return str(places.EXAMPLES / f"{name}.yaml")


def providers(fused):
    rows = {row["value"]: row["provider"] for row in fused.table()}
    return {rows[value] for value in numpy.unique(fused.ids) if value}


@pytest.mark.parametrize("name", PLACES)
def test_opens_without_asking_anybody(whole, name):
    with nobody_asked(whole):
        for options in ({}, {"BBOX": PLACES[name]}):
            fused = Fused(example(name), **options)
            assert fused.dataset.RasterCount == 3 and fused.table() == []


@pytest.mark.parametrize("name", PLACES)
def test_reads_and_reads_again_with_the_archives_gone(whole, tmp_path, cache_dir, name):
    options = {"BBOX": PLACES[name]}
    fused = Fused(example(name), **options)
    pixels = fused.dataset.ReadAsArray()
    assert numpy.isfinite(pixels[0]).all(), "the lowest step has a value everywhere"
    assert SHOWN[name] <= providers(fused)
    assert all(row["category"] for row in fused.table())
    with whole.gone(), nobody_asked(whole):
        again, counters = Elsewhere(example(name), tmp_path / "again.npy", options).wait()
        assert same_pixels(again, pixels) and counters["CELLS_FUSED"] == 0
        shutil.rmtree(cache_dir / "fused_zarr")
        again, counters = Elsewhere(example(name), tmp_path / "again.npy", {**options, "OFFLINE": "YES"}).wait()
        assert same_pixels(again, pixels) and counters["SOURCE_PIXELS_READ"] == 0


def test_the_estuary_covers_the_sample_coast():
    fused = Fused(example("great_bay_estuary"))
    transform = fused.transform
    west, north = transform[0], transform[3]
    east, south = west + transform[1] * fused.shape[1], north + transform[5] * fused.shape[0]
    assert west < -70.9 and south < 42.96 and east > -70.7 and north > 43.13, "Great Bay lies around 70.87 W, 43.07 N"


def test_a_survey_without_files_stops_the_estuary_and_not_the_sound(online):
    """Its cells are read each time, for they are never stored as complete."""
    box = {"BBOX": "-70.765,42.980,-70.750,42.990"}
    with pytest.raises(RuntimeError, match="survey H11990 should have BAGs, but its page .* is gone or names none"):
        planes(example("great_bay_estuary"), box)
    first, _ = planes(example("wlis"), box)
    second, counters = planes(example("wlis"), box)
    assert numpy.isfinite(first[0]).all() and same_pixels(first, second) and counters["CELLS_FROM_CACHE"] == 0
