"""What each archive delivers through GDAL is what its files say, and the ground that they were made from."""

import numpy
import pytest

from archive import gebco_grid
from archive_cases import CASES, RASTERS, source_paths
from archive_reading import open_case, planes, surface
from archive_tables import published_table
from policies import policy
from sample_terrain import Terrain
from source_truth import SourceAtPixels, assert_bilinear

# Metres that half and nearly all of the pixels may be off the made-up ground. The files hold it at their own pixels: between these
# a straight line is drawn over rocks of a metre, which costs most where pixels are large.
OFF_THE_GROUND = {"gebco": (1.5, 9.0), "etopo": (1.5, 9.0), "gbr100": (0.4, 2.5), "copernicus": (0.1, 1.5), "nasadem": (0.5, 1.6),
                  "3dep_30m": (0.05, 0.3)}
REEF = (216.35, -59.5)  # the ground of the reef is that of the coast, moved so many degrees
NOWHERE = [-152.0, 20.0, -151.95, 20.05]  # open sea
WITH_HOLES = sorted({name: case for name, case in CASES.items() if case.provider not in ("gebco_2025", "etopo_2022")})


@pytest.mark.parametrize("name", RASTERS)
def test_values_are_those_of_the_files(online, write_policy, name):
    """And nothing lies where no file has a value."""
    fused = open_case(CASES[name], write_policy)
    assert_bilinear(fused.elevation, surface(fused, CASES[name], online.contents))
    if not CASES[name].uncertain:
        assert numpy.isnan(fused.uncertainty).all(), "no source states one"


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.offset is not None])
def test_values_are_the_ground_and_the_offset_of_the_source(online, write_policy, name):
    case = CASES[name]
    fused = open_case(case, write_policy)
    lon, lat = fused.centres()
    moved = REEF if case.provider == "jcu_gbr100" else (0.0, 0.0)
    ground = Terrain().at(lon - moved[0], lat - moved[1], case.fine)
    valid = numpy.isfinite(fused.elevation) & ((ground > 0.5) | (case.provider not in ("copernicus_dsm", "nasadem")))
    off = abs(fused.elevation - ground - case.offset)[valid]
    half, most = OFF_THE_GROUND.get(name, (0.02, 0.1))
    assert valid.sum() > 1000 and numpy.median(off) < half and numpy.quantile(off, 0.95) < most


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.uncertain])
def test_uncertainty_is_that_of_the_source(online, write_policy, name):
    fused = open_case(CASES[name], write_policy)
    source = surface(fused, CASES[name], online.contents, band=2)
    expected, tolerance = source.bilinear()
    compared = numpy.isfinite(fused.elevation) & numpy.isfinite(expected)
    assert compared.sum() > 100
    assert (abs(fused.uncertainty - expected)[compared] <= tolerance[compared]).all()


def test_uncertainty_of_lidar_is_that_of_the_mean(online, write_policy):
    """The points of a cell of 16 m differ by the slope of the ground: centimetres. A lone point has none."""
    case = CASES["lidar_ept"]
    uncertainty = open_case(case, write_policy, RESOLUTION=16).uncertainty
    assert 0.0 <= numpy.nanmin(uncertainty) and numpy.nanmedian(uncertainty) < 0.2 and numpy.isfinite(uncertainty).mean() > 0.2


@pytest.mark.parametrize("name", WITH_HOLES)
def test_no_coverage_is_nodata_without_error(online, write_policy, name):
    case = CASES[name]
    path = write_policy(policy([case.step], resolution=100, extent=NOWHERE))
    pixels, _ = planes(path)
    assert numpy.isnan(pixels).all() and pixels.shape[0] == 3
    with online.gone():
        assert numpy.isnan(planes(path)[0]).all(), "that there is nothing is remembered"


def test_copc_without_ground_points_gives_nothing(online, write_policy):
    """The real cloud of the geyser is not classified: nothing in it says ground."""
    path = write_policy(policy([{"provider": "usgs_lidar"}], resolution=1, extent=[-110.8071, 44.4181, -110.8064, 44.4187]))
    assert numpy.isnan(planes(path)[0]).all()
    assert online.log.count("lone-star.copc.laz", status=206) > 1, "its points were looked at"


def test_a_point_cloud_in_another_grid_than_its_bucket_is_refused(online, write_policy):
    path = write_policy(policy([{"provider": "usgs_lidar", "product": "ept"}], resolution=1,
                               extent=[-110.8071, 44.4181, -110.8064, 44.4187]))
    with pytest.raises(RuntimeError, match="WY_LoneStar_2015/ept.json': is not in EPSG:3857 as the surveys of this bucket are"):
        planes(path)


def test_the_newest_edition_counts(online, write_policy):
    """CUDEM's edition of 2014, 5 m too low, and the historical tile of 3DEP are there and not read."""
    for name in ("cudem", "3dep_30m"):
        fused = open_case(CASES[name], write_policy)
        assert not [row for row in fused.table() if "2014" in row["category"] or "2013" in row["category"]]
        assert online.log.count("2014v1|20130911") == 0


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("bluetopo")])
def test_ids_are_those_of_the_contributor_band(online, write_policy, name):
    case = CASES[name]
    fused = open_case(case, write_policy)
    (path,) = source_paths(case, online.contents)
    contributor = SourceAtPixels(fused, path, band=3)
    names = {value: row["source_survey_id"] for value, row in published_table(path + ".aux.xml").items()}
    sure = ~contributor.near_edge & contributor.inside
    expected = numpy.array([names[int(value)] for value in contributor.nearest()[sure]])
    assert sure.sum() > 1000 and (fused.surveys[sure] == expected).all()


def test_ids_of_gebco_are_type_identifiers(online, write_policy):
    fused = open_case(CASES["gebco"], write_policy)
    lon, lat = fused.centres()
    row, column = (lat + 90.0) * 240, (lon + 180.0) * 240
    sure = (abs(row - numpy.round(row)) > 0.1) & (abs(column - numpy.round(column)) > 0.1)
    rows, columns = numpy.floor(row[:, 0]).astype(int), numpy.floor(column[0]).astype(int)
    expected = numpy.array([f"GEBCO 2025 (TID {kind})" for kind in gebco_grid.tid(rows, columns)[sure]])
    assert (fused.surveys[sure] == expected).all() and len(set(expected)) > 1
