"""Real BAG surveys over real regional and global grids: values, seams, uncertainty and provenance against the sources."""

import numpy
import pytest

from fused import Fused
from policies import policy, raster_step
from source_truth import SourceAtPixels, assert_bilinear, distance_inside, feathered, ground_pixel, read_source

ETOPO1 = "global/etopo1_1min_nw_atlantic_89W54W_14N46N.tif"
ETOPO5 = "global/etopo5_5min_global_pm180.tif"
CRM = "topobathy/ngdc_crm_3s_newyork_longisland.tif"
BDB_01 = "bag/newyork_harbor_bdb_01_4m.bag"
BDB_02 = "bag/newyork_longbeach_bdb_02_4m.bag"
SH2007 = "bag/newcastle_nh_sh2007_0.5m_mllw.bag"
TINY = "bag/newcastle_nh_tiny_sr_0.5m.bag"
BERING = "bag/bering_strait_navo_jd211_2m.bag"
DEEP = "bag/nw_atlantic_deep_bdb_00_100m.bag"
SOUTH = "bag/east_pacific_southern_hemi_false_northing_75m.bag"

IN_THE_NARROWS = (-74.0528, 40.6030)
OFF_LONG_BEACH = (-73.6505, 40.5960)


@pytest.fixture
def stack(shared_data, write_policy):
    """stack(root keys, (file, step keys), ...): a policy over real files, opened."""

    def make(root, *layers, **options):
        steps = [raster_step([shared_data / file for file in ([files] if isinstance(files, str) else files)], **keys)
                 for files, keys in layers]
        return Fused(write_policy(policy(steps, **root), name=f"stack_{len(layers)}.yaml"), **options)

    return make


def test_new_york_land_and_sea_come_from_the_coastal_grid_within_the_global_one(stack, shared_data):
    # Across the western edge of the coastal grid (74.5004 W).
    root = {"resolution": 90, "extent": [-74.56, 40.40, -74.40, 40.50]}
    fused = stack(root, (ETOPO1, {"name": "world"}), (CRM, {"name": "coast"}))
    fused.assert_every_pixel_named()
    assert numpy.isfinite(fused.elevation).all()
    coast = SourceAtPixels(fused, shared_data / CRM)
    world = SourceAtPixels(fused, shared_data / ETOPO1)
    on_coast = fused.surveys == "ngdc_crm_3s_newyork_longisland"
    assert numpy.array_equal(on_coast[~coast.near_edge], coast.inside[~coast.near_edge])
    assert_bilinear(numpy.where(on_coast, fused.elevation, numpy.nan), coast)
    assert_bilinear(numpy.where(on_coast, numpy.nan, fused.elevation)[:, :40], _columns(world, 40))


def _columns(source, count):
    """The part of a source that lies under the first columns of the raster."""
    for name in ("column", "row", "inside", "near_edge"):
        setattr(source, name, getattr(source, name)[:, :count])
    return source


def test_new_york_has_land_above_and_sea_below_zero(stack):
    fused = stack({"resolution": 60, "extent": [-74.10, 40.55, -73.98, 40.65]}, (ETOPO5, {}), (ETOPO1, {}), (CRM, {}))
    elevation = fused.elevation
    assert (elevation > 1).mean() > 0.2 and (elevation < -1).mean() > 0.2
    counters = fused.counters()
    # The coastal grid covers everything: neither global grid is opened.
    assert counters["LAYERS_READ"] == counters["CELLS_FUSED"]
    assert counters["LAYERS_OCCLUDED"] == 2 * counters["CELLS_FUSED"]


def test_a_survey_of_64_metres_replaces_the_grid_at_its_own_resolution(stack, shared_data):
    root = {"resolution": 4, "extent": [-74.0545, 40.6020, -74.0515, 40.6040]}
    fused = stack(root, (ETOPO1, {}), (CRM, {}), ([BDB_01, BDB_02], {"name": "surveys", "resampling": "bilinear"}))
    fused.assert_every_pixel_named()
    survey = SourceAtPixels(fused, shared_data / BDB_01)
    on_survey = fused.surveys == "newyork_harbor_bdb_01_4m"
    assert_bilinear(numpy.where(on_survey, fused.elevation, numpy.nan), survey)
    # Its mean is two metres below the grid's (INVENTORY.md): what a wrong layer or sign would lose.
    grid, _ = SourceAtPixels(fused, shared_data / CRM).bilinear()
    assert fused.elevation[on_survey].mean() == pytest.approx(-4.09, abs=0.1)
    assert grid[on_survey].mean() == pytest.approx(-1.98, abs=0.3)


def test_the_mean_of_a_survey_survives_in_coarse_pixels(stack, shared_data):
    """8 m pixels over 4 m nodes: every pixel that the survey fills is the mean of the ground within it."""
    root = {"crs": "EPSG:26918", "resolution": 8, "extent": [-74.0545, 40.6020, -74.0515, 40.6040]}
    fused = stack(root, (BDB_01, {}))
    values, transform, _ = read_source(shared_data / BDB_01)
    x, y = fused.centres()
    node_x = transform[0] + (numpy.arange(values.shape[1]) + 0.5) * 4
    node_y = transform[3] - (numpy.arange(values.shape[0]) + 0.5) * 4
    compared = 0
    for (row, column), elevation in numpy.ndenumerate(fused.elevation):
        # Area shares of the 4 m squares in this 8 m square.
        shares = [numpy.clip(numpy.minimum(nodes + 2, centre + 4) - numpy.maximum(nodes - 2, centre - 4), 0, 4) / 4
                  for nodes, centre in ((node_y, y[row, column]), (node_x, x[row, column]))]
        weight = numpy.outer(*shares)
        if weight.sum() < 3.99 or numpy.isnan(values[weight > 0]).any():
            continue
        assert elevation == pytest.approx((values * weight)[weight > 0].sum() / weight.sum(), abs=1e-4)
        compared += 1
    assert compared >= 10


def test_uncertainty_is_the_surveys_own_else_the_steps_model_else_none(stack, shared_data):
    root = {"resolution": 4}
    model = {"uncertainty": {"constant": 0.5, "depth_factor": 0.01}}
    at_long_beach = {**root, "extent": [-73.6520, 40.5950, -73.6490, 40.5970]}
    fused = stack(at_long_beach, (CRM, {}), (BDB_02, {**model, "resampling": "bilinear"}))
    own = SourceAtPixels(fused, shared_data / BDB_02, band=2)
    on_survey = fused.surveys == "newyork_longbeach_bdb_02_4m"
    assert_bilinear(numpy.where(on_survey, fused.uncertainty, numpy.nan), own)
    assert numpy.isnan(fused.uncertainty[~on_survey]).all()
    # bdb_01 has an uncertainty band without a single value.
    in_the_narrows = {**root, "extent": [-74.0545, 40.6020, -74.0515, 40.6040]}
    fused = stack(in_the_narrows, (CRM, {}), (BDB_01, model))
    on_survey = fused.surveys == "newyork_harbor_bdb_01_4m"
    expected = numpy.hypot(0.5, 0.01 * fused.elevation[on_survey])
    assert numpy.allclose(fused.uncertainty[on_survey], expected, atol=1e-6)
    fused = stack(in_the_narrows, (BDB_01, {}))
    assert numpy.isnan(fused.uncertainty).all() and numpy.isfinite(fused.elevation).any()


def test_the_attribute_table_says_what_the_bag_states_and_nothing_else(stack):
    fused = stack({"resolution": 30, "extent": [-74.06, 40.59, -73.64, 40.61]}, (CRM, {}), ([BDB_01, BDB_02], {}))
    longbeach = fused.row_of("newyork_longbeach_bdb_02_4m")
    assert (longbeach["survey_date_start"], longbeach["survey_date_end"]) == ("2014-01-18", "2014-02-27")
    assert longbeach["source_institution"] == "ccom/jhc"
    assert longbeach["vertical_datum"] == "", "the file says: unknown"
    narrows = fused.row_of("newyork_harbor_bdb_01_4m")
    assert (narrows["survey_date_start"], narrows["survey_date_end"]) == ("2013-09-21", "2013-12-19")
    assert narrows["source_institution"] == "" and narrows["vertical_datum"] == "", "the file says: //"
    grid = fused.row_of("ngdc_crm_3s_newyork_longisland")
    assert not any(grid[column] for column in ("survey_date_start", "source_institution", "vertical_datum"))


@pytest.mark.parametrize("file, institution, start, datum", [
    (SH2007, "Center for Coastal and Ocean Mapping", "2007-06-08", "MLLW"),
    (TINY, "", "2007-06-08", ""),
    (BERING, "", "", "Mean Sea Level"),
    (DEEP, "ccom-jhc", "2015-08-01", "MLW"),
    (SOUTH, "UNH", "", "msl"),
])
def test_metadata_of_every_generation_of_bag_is_read(stack, file, institution, start, datum):
    fused = stack({"crs": "EPSG:3857", "resolution": 100}, (file, {}))
    (row,) = fused.table()
    assert row["source_institution"] == institution
    assert row["survey_date_start"] == start
    assert row["vertical_datum"] == datum


def test_location_info_tells_the_survey_and_what_lay_beneath(stack):
    root = {"resolution": 4, "extent": [-74.0545, 40.6020, -74.0515, 40.6040]}
    fused = stack(root, (CRM, {"name": "coast"}),
                  (BDB_01, {"name": "survey", "operator": "metric_feather", "blend_distance": 60}))
    told = fused.location(*IN_THE_NARROWS)
    upper, lower = told.findall("Contributor")
    assert upper.get("survey") == "newyork_harbor_bdb_01_4m" and upper.get("date_start") == "2013-09-21"
    assert lower.get("survey") == "ngdc_crm_3s_newyork_longisland"
    shares = [float(part.get("weight")) for part in (upper, lower)]
    assert sum(shares) == pytest.approx(1, abs=1e-6)
    assert shares[0] == pytest.approx(float(upper.get("distance")) / 60, abs=1e-6)
    mixed = sum(share * float(part.get("elevation")) for share, part in zip(shares, (upper, lower)))
    elevation, _, survey = fused.at(*IN_THE_NARROWS)
    assert elevation == pytest.approx(mixed, abs=1e-4)
    assert survey == (upper if shares[0] >= 0.5 else lower).get("survey")


def test_portsmouth_survey_feathers_into_the_global_grid(stack, shared_data):
    root = {"crs": "EPSG:32619", "resolution": 2, "extent": [-70.7080, 43.0640, -70.7020, 43.0704]}
    reach = 25
    feather = {"operator": "metric_feather", "blend_distance": reach}
    fused = stack(root, (ETOPO5, {}), (ETOPO1, {}), (SH2007, feather))
    fused.assert_every_pixel_named()
    layer = stack(root, (SH2007, {})).elevation
    base, _ = SourceAtPixels(fused, shared_data / ETOPO1).bilinear()
    valid = numpy.isfinite(layer)
    assert 0.3 < valid.mean() < 0.9
    distance = distance_inside(fused, valid, reach)
    expected = feathered(base, layer, distance / reach)
    assert numpy.allclose(fused.elevation, expected, atol=0.03)
    by_survey = fused.surveys == "newcastle_nh_sh2007_0.5m_mllw"
    assert numpy.array_equal(by_survey, valid & (distance / reach >= 0.5))
    _assert_no_step_at_the_edge(fused, base, layer, valid, reach)


def _assert_no_step_at_the_edge(fused, base, layer, valid, reach):
    """From the last pixel outside to the first inside the surface moves by offset * pixel / reach and the base's slope."""
    elevation = fused.elevation
    widths, heights = ground_pixel(fused)
    seams = 0
    for axis, step in ((0, heights.max()), (1, widths.max())):
        near = [slice(None)] * 2
        far = [slice(None)] * 2
        near[axis], far[axis] = slice(0, -1), slice(1, None)
        near, far = tuple(near), tuple(far)
        for inside, outside in ((near, far), (far, near)):
            edge = valid[inside] & ~valid[outside]
            jump = abs(elevation[inside] - elevation[outside])[edge]
            offset = abs(layer[inside] - base[inside])[edge]
            slope = abs(base[inside] - base[outside])[edge]
            assert (jump <= offset * step / reach + slope + 0.01).all()
            seams += edge.sum()
    assert seams > 100


def test_two_surveys_of_one_bottom_meet_without_a_step(stack):
    """Both BAGs are of the same soundings: the small one inside the large one changes the surface by centimetres."""
    root = {"crs": "EPSG:32619", "resolution": 0.5, "extent": [-70.7053, 43.0675, -70.7043, 43.0681]}
    large = stack(root, (SH2007, {})).elevation
    fused = stack(root, (SH2007, {}), (TINY, {"operator": "metric_feather", "blend_distance": 5}))
    assert set(numpy.unique(fused.surveys)) == {"newcastle_nh_sh2007_0.5m_mllw", "newcastle_nh_tiny_sr_0.5m"}
    difference = abs(fused.elevation - large)[numpy.isfinite(large)]
    assert numpy.percentile(difference, 95) < 0.25 and difference.max() < 1.0


def test_bering_strait_survey_in_the_global_grid_across_the_antimeridian(stack, shared_data):
    root = {"resolution": 500, "extent": [179.0, 65.0, -168.2, 65.5]}
    fused = stack(root, (ETOPO5, {}), (BERING, {}))
    fused.assert_every_pixel_named()
    assert numpy.isfinite(fused.elevation).all()
    world, transform, _ = read_source(shared_data / ETOPO5)
    x, y = fused.centres()
    column = (x - transform[0]) / transform[1] - 0.5
    row = (y - transform[3]) / transform[5] - 0.5
    left, top = numpy.floor(column).astype(int), numpy.floor(row).astype(int)
    across, down = column - left, row - top
    tap = [[world[top + j, (left + i) % world.shape[1]] for i in (0, 1)] for j in (0, 1)]
    expected = ((tap[0][0] * (1 - across) + tap[0][1] * across) * (1 - down)
                + (tap[1][0] * (1 - across) + tap[1][1] * across) * down)
    off_survey = fused.surveys == "etopo5_5min_global_pm180"
    assert numpy.allclose(fused.elevation[off_survey], expected[off_survey], atol=0.05)
    assert (~off_survey).any()
    assert fused.elevation[~off_survey].mean() == pytest.approx(-51.9, abs=0.5)


@pytest.mark.parametrize("file, base, mean", [(BERING, ETOPO5, -51.9), (DEEP, ETOPO1, -4577)])
def test_a_survey_keeps_its_mean_at_every_overview(stack, file, base, mean):
    bag = stack({"crs": "EPSG:3857", "resolution": 20 if file == BERING else 100}, (file, {}))
    fused = stack({"crs": "EPSG:3857", "resolution": 20 if file == BERING else 100}, (base, {}), (file, {}),
                  BBOX=_bounds(bag), BBOX_CRS="EPSG:3857")
    survey = fused.table()
    own = {row["value"] for row in survey if row["source_survey_id"] in file}
    band, ids = fused.dataset.GetRasterBand(1), fused.dataset.GetRasterBand(3)
    for level in range(-1, min(band.GetOverviewCount(), 2)):
        elevation = (band if level < 0 else band.GetOverview(level)).ReadAsArray()
        source = (ids if level < 0 else ids.GetOverview(level)).ReadAsArray()
        on_survey = numpy.isin(source, list(own))
        assert on_survey.any()
        assert elevation[on_survey].mean() == pytest.approx(mean, rel=0.01)


def _bounds(fused):
    x, width, _, y, _, height = fused.transform
    return f"{x},{y + fused.shape[0] * height},{x + fused.shape[1] * width},{y}"


def test_a_false_northing_of_the_southern_hemisphere_is_honoured(stack, shared_data):
    fused = stack({"resolution": 75}, (SOUTH, {"resampling": "bilinear"}))
    assert_bilinear(fused.elevation, SourceAtPixels(fused, shared_data / SOUTH))
    west, north = fused.transform[0], fused.transform[3]
    assert (west, north) == (pytest.approx(-103.965, abs=0.01), pytest.approx(-3.985, abs=0.01))
