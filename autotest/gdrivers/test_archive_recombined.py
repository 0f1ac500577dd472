"""Policies that only order or blend their steps anew are fused from provider cells: nobody is asked and no source file is needed."""

import shutil

import numpy
import pytest

from archive_reading import Elsewhere, nobody_asked, planes, same_pixels
from policies import policy

COAST = [-70.765, 42.975, -70.735, 42.995]
STEPS = {
    "gebco": {"provider": "gebco_2025", "uncertainty": {"constant": 3.0, "depth_factor": 0.05}},
    "land": {"provider": "usgs_3dep"},
    "cudem": {"provider": "ncei_cudem"},
    "bluetopo": {"provider": "noaa_bluetopo"},
    "bag": {"provider": "ncei_bag", "filter": {"project_id": ["H19901", "H19902"], "max_deviation": 5}},
}
# Nothing is hidden by it: a step of which no pixel of a cell shows is not read there, and so not kept.
BLENDED = {"operator": "linear_blend", "weight": 0.5}
FEATHER = {"operator": "metric_feather", "blend_distance": 150}


def stacked(*names, extent=COAST, **keys):
    return policy([{**STEPS[name], **(keys if number else {})} for number, name in enumerate(names)], resolution=10, extent=extent)


@pytest.fixture
def no_sources(cache_dir):
    """no_sources(): fused cells and all files that archives were copied to are gone; provider cells stay."""

    def remove():
        shutil.rmtree(cache_dir / "fused_zarr")
        for folder in [*cache_dir.glob("*/raw"), *cache_dir.glob("*/grids"), *cache_dir.glob("*/sidecars")]:
            shutil.rmtree(folder)

    return remove


def test_order_and_blend_change_nothing_below(online, write_policy, tmp_path, no_sources):
    """From a blend to overwrite, another order, fewer steps, and back: each in a process of its own."""
    blended = write_policy(stacked("gebco", "land", "cudem", "bluetopo", "bag", **BLENDED))
    first, _ = planes(blended)
    others = [stacked("gebco", "land", "cudem", "bluetopo", "bag"), stacked("bag", "bluetopo", "cudem", "land", "gebco"),
              stacked("gebco", "bag", "land"), stacked("gebco", "land", "bluetopo", operator="linear_blend", weight=0.3)]
    no_sources()
    with online.gone(), nobody_asked(online):
        results = [first]
        for number, other in enumerate(others):
            pixels, counters = Elsewhere(write_policy(other, name=f"{number}.yaml"), tmp_path / f"{number}.npy").wait()
            assert counters["SOURCE_PIXELS_READ"] == 0 and counters["CELLS_FUSED"] > 0, number
            assert not any(same_pixels(pixels, result) for result in results)
            results.append(pixels)
        assert numpy.isfinite(results[1][0]).all()
        again, counters = Elsewhere(blended, tmp_path / "again.npy").wait()
        assert same_pixels(again, first) and counters["SOURCE_PIXELS_READ"] == 0


def test_to_a_feather_and_back_inside_what_was_read(online, write_policy, tmp_path, no_sources):
    """A feather looks beyond its cell, so the first read has a cell more on each side."""
    west, south, east, north = COAST
    wide = [west - 0.05, south - 0.05, east + 0.05, north + 0.05]
    planes(write_policy(stacked("gebco", "cudem", "bluetopo", extent=wide, **BLENDED)))
    feathered = write_policy(stacked("gebco", "cudem", "bluetopo", **FEATHER), name="feathered.yaml")
    expected, _ = planes(feathered, {"CACHE": "OFF"})
    no_sources()
    with online.gone(), nobody_asked(online):
        pixels, counters = Elsewhere(feathered, tmp_path / "feathered.npy").wait()
        assert same_pixels(pixels, expected) and counters["SOURCE_PIXELS_READ"] == 0
        hard, counters = Elsewhere(write_policy(stacked("gebco", "cudem", "bluetopo"), name="hard.yaml"), tmp_path / "hard.npy").wait()
        assert counters["SOURCE_PIXELS_READ"] == 0 and not same_pixels(hard, pixels)
        again, _ = Elsewhere(feathered, tmp_path / "again.npy").wait()
        assert same_pixels(again, expected)


def test_another_name_zone_or_step_on_top_keeps_the_cells_below(online, write_policy, tmp_path, no_sources):
    planes(write_policy(stacked("gebco", "land", "bluetopo")))
    no_sources()
    renamed = stacked("gebco", "land", "bluetopo")
    renamed["name"] = "another"
    for step, name in zip(renamed["variables"][0]["steps"], ("a", "b", "c")):
        step["name"] = name
    renamed["variables"][0]["steps"][2]["zone"] = [-70.76, 42.98, -70.74, 42.99]
    renamed["variables"][0]["background"] = -11.0
    with online.gone(), nobody_asked(online):
        pixels, counters = Elsewhere(write_policy(renamed, name="renamed.yaml"), tmp_path / "renamed.npy").wait()
    assert counters["SOURCE_PIXELS_READ"] == 0 and numpy.isfinite(pixels[0]).all()


def test_another_filter_is_another_layer(online, write_policy):
    """Its cells are not those of the unfiltered step."""
    plain = planes(write_policy(stacked("bluetopo")))[0]
    STEP = {"provider": "noaa_bluetopo", "filter": {"max_elevation": -15.0}}
    filtered = planes(write_policy(policy([STEP], resolution=10, extent=COAST), name="filtered.yaml"))[0]
    assert numpy.nanmax(filtered[0]) <= -15.0 < numpy.nanmax(plain[0])
