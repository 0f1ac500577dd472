"""Real regional grids in several CRSs and vertical frames over global ones, checked against the files themselves."""

import shutil

import numpy
import pytest
from osgeo import gdal, osr

import needed
from source_truth import SourceAtPixels, assert_bilinear, distance_inside, feathered, read_source

ETOPO1 = "global/etopo1_1min_nw_atlantic_89W54W_14N46N.tif"
ETOPO5 = "global/etopo5_5min_global_pm180.tif"
GEBCO = "global/gebco_2023_n48.8518_s47.1651_w-124.837_e-122.1564.nc"
SALISH_SEA = "bathy_regional/salishseacast_250m_pugetsound_sanjuan_warped.tif"
GMRT = "bathy_regional/gmrt_salishsea_183m_decimated3.tif"
SEATTLE = "bag/seattle_wa_nrt_vr_gzip_epsg6339.bag"
BLUETOPO = "bluetopo/BlueTopo_BH54S4ZB_20251117_elevation_crop_4m.tif"
SLOPE = "bathy_regional/laparguera_pr_slope_20m_epsg32161.tif"
KILAUEA = "dem/hawaii_kilauea_dem_30m_utm5n_cog.tif"
SABINE = ["topobathy/cudem_sabinepass_tx_equal.nc", "topobathy/cudem_sabinepass_tx_unequal.nc"]
WINGAERSHEEK = "topobathy/cudem_wingaersheek_ma_3m_navd88.tif"
GLO30 = "dem/copernicus_glo30_left_edge_of_missing_tile.tif"
GLO90 = "dem/copernicus_glo90_right_fills_missing_tile.tif"

ON_THE_SURVEY = [-122.4285, 47.6705, -122.4215, 47.6745]


# Seattle and the San Juan Islands


def test_a_variable_resolution_survey_is_read_from_its_refined_grids(stack, shared_data):
    root = {"crs": "EPSG:6339", "resolution": 0.8, "extent": ON_THE_SURVEY}
    fused = stack(root, (SEATTLE, {"resampling": "nearest"}))
    fused.assert_every_pixel_named()
    compared = 0
    for part in _refined_grids(shared_data / SEATTLE):
        grid = SourceAtPixels(fused, part, crs="EPSG:6339")
        sure = grid.inside & ~grid.near_edge
        assert numpy.allclose(fused.elevation[sure], grid.nearest()[sure], atol=1e-5)
        compared += sure.sum()
    assert compared > 0.5 * numpy.isfinite(fused.elevation).sum() > 500
    assert fused.elevation[numpy.isfinite(fused.elevation)].mean() == pytest.approx(-22.1, abs=0.2)


def _refined_grids(path):
    """The survey's grids one by one, as GDAL lists them: another way to the same nodes."""
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    names = gdal.OpenEx(str(path), open_options=["MODE=LIST_SUPERGRIDS"]).GetMetadata("SUBDATASETS")
    gdal.PopErrorHandler()
    return [name for key, name in names.items() if key.endswith("_NAME")]


def test_the_seattle_survey_feathers_into_the_model_grid(stack, shared_data):
    root = {"crs": "EPSG:32610", "resolution": 4, "extent": ON_THE_SURVEY}
    reach = 40
    feather = {"name": "survey", "operator": "metric_feather", "blend_distance": reach}
    fused = stack(root, (ETOPO5, {}), (GEBCO, {}), (SALISH_SEA, {}), (SEATTLE, feather))
    fused.assert_every_pixel_named()
    layer = stack(root, (SEATTLE, {})).elevation
    gebco, _ = SourceAtPixels(fused, shared_data / GEBCO, crs="EPSG:4326").bilinear()
    model = stack(root, (SALISH_SEA, {})).elevation
    base = numpy.where(numpy.isfinite(model), model, gebco)
    weight = distance_inside(fused, numpy.isfinite(layer), reach) / reach
    assert 0 < (weight > 0).mean() < 1
    assert numpy.allclose(fused.elevation, feathered(base, layer, weight), atol=0.05)
    # INVENTORY.md: -22.1 against -29.6 and -35.5: what lies beneath matters, and shows.
    assert (base - layer)[numpy.isfinite(layer)].mean() < -5


def test_uncertainty_of_a_feathered_survey_is_that_of_its_share(stack):
    root = {"crs": "EPSG:32610", "resolution": 4, "extent": ON_THE_SURVEY}
    feather = {"operator": "metric_feather", "blend_distance": 40}
    fused = stack(root, (GEBCO, {"uncertainty": 10}), (SEATTLE, feather))
    own = stack(root, (SEATTLE, {}))
    weight = distance_inside(own, numpy.isfinite(own.elevation), 40) / 40
    sigma = numpy.where(numpy.isfinite(own.uncertainty), own.uncertainty, 0)
    expected = numpy.hypot(weight * sigma, (1 - weight) * 10)
    assert numpy.isfinite(own.uncertainty).any()
    assert numpy.allclose(fused.uncertainty, expected, atol=1e-3)


def test_the_spike_of_gebco_in_lake_union_is_taken_out(stack):
    # The lattice of this resolution is GEBCO's own, so a spike is as many pixels as in the file.
    root = {"resolution": 463.83, "extent": [-122.40, 47.60, -122.25, 47.70]}
    spike = (-122.3271, 47.6354)
    raw = stack(root, (ETOPO5, {}), (GEBCO, {}))
    assert raw.at(*spike)[0] == pytest.approx(-2217, abs=1)
    clean = stack(root, (ETOPO5, {}), (GEBCO, {"filter": {"max_deviation": 200}}))
    elevation, _, survey = clean.at(*spike)
    assert survey == "etopo5_5min_global_pm180" and -100 < elevation < 500
    assert clean.elevation.min() > -350
    filled = stack(root, (ETOPO5, {}), (GEBCO, {"filter": {"max_deviation": 200, "max_interpolation_gap_m": 3000}}))
    elevation, _, survey = filled.at(*spike)
    assert survey == "gebco_2023_n48.8518_s47.1651_w-124.837_e-122.1564" and -150 < elevation < 150


def test_at_a_finer_resolution_an_elevation_limit_takes_the_spike_out(stack):
    root = {"resolution": 60, "extent": [-122.35, 47.62, -122.30, 47.65]}
    clean = stack(root, (ETOPO5, {}), (GEBCO, {"filter": {"min_elevation": -100}}))
    assert clean.elevation.min() > -105
    assert set(numpy.unique(clean.surveys)) == {"etopo5_5min_global_pm180", GEBCO.split("/")[1][:-3]}


def test_four_grids_lie_in_order_in_the_san_juan_islands(stack, shared_data):
    root = {"resolution": 150, "extent": [-123.10, 48.49, -122.95, 48.58]}
    fused = stack(root, (ETOPO5, {}), (GEBCO, {}), (GMRT, {}), (SALISH_SEA, {}))
    fused.assert_every_pixel_named()
    grids = [SourceAtPixels(fused, shared_data / file, crs="EPSG:4326") for file in (ETOPO5, GEBCO, GMRT, SALISH_SEA)]
    names = [file.split("/")[1].rsplit(".", 1)[0] for file in (ETOPO5, GEBCO, GMRT, SALISH_SEA)]
    top = numpy.full(fused.shape, "", dtype="U64")
    for name, grid in zip(names, grids):
        top[grid.inside] = name
    sure = ~numpy.any([grid.near_edge for grid in grids[2:]], axis=0)
    assert numpy.array_equal(fused.surveys[sure], top[sure])
    assert {names[1], names[2], names[3]} == set(numpy.unique(fused.surveys))


# La Parguera: BlueTopo in UTM, a clip in State Plane, global grids


def test_bluetopo_is_averaged_exactly_where_pixels_are_twice_its_own(stack, shared_data):
    root = {"crs": "EPSG:6348", "resolution": 8, "extent": [-67.030, 17.870, -67.005, 17.890]}
    fused = stack(root, (BLUETOPO, {}))
    values, transform, _ = read_source(shared_data / BLUETOPO)
    halves = numpy.kron(values, numpy.ones((2, 2)))  # 2 m squares: the lattice's edges lie on them
    x, y = fused.transform[0], fused.transform[3]
    column, row = int((x - transform[0]) / 2), int((transform[3] - y) / 2)
    height, width = fused.shape
    part = halves[row:row + 4 * height, column:column + 4 * width]
    assert part.shape == (4 * height, 4 * width)
    expected = part.reshape(height, 4, width, 4).mean(axis=(1, 3))
    sure = numpy.isfinite(expected)
    assert sure.mean() > 0.5
    assert numpy.allclose(fused.elevation[sure], expected[sure], atol=2e-3)


def test_the_vertical_name_of_a_compound_crs_is_told_and_shifts_nothing(stack):
    fused = stack({"crs": "EPSG:6348", "resolution": 8, "extent": [-67.030, 17.870, -67.005, 17.890]}, (BLUETOPO, {}))
    assert fused.table()[0]["vertical_datum"] == "MSL height"
    srs = fused.dataset.GetSpatialRef()
    assert srs.IsProjected() and not srs.IsCompound()


def test_state_plane_over_utm_over_the_world(stack, shared_data):
    # Includes the southern edge of the BlueTopo crop, where ETOPO1 takes over.
    root = {"resolution": 20, "extent": [-67.040, 17.860, -67.005, 17.885]}
    fused = stack(root, (ETOPO5, {}), (ETOPO1, {}), (BLUETOPO, {}), (SLOPE, {"resampling": "bilinear"}))
    fused.assert_every_pixel_named()
    slope = SourceAtPixels(fused, shared_data / SLOPE)
    on_slope = fused.surveys == "laparguera_pr_slope_20m_epsg32161"
    assert_bilinear(numpy.where(on_slope, fused.elevation, numpy.nan), slope)
    assert set(numpy.unique(fused.surveys)) == {
        "etopo1_1min_nw_atlantic_89W54W_14N46N", "BlueTopo_BH54S4ZB_20251117_elevation_crop_4m",
        "laparguera_pr_slope_20m_epsg32161"}
    assert (fused.elevation < -10).all(), "water only"


# Land


def test_zeros_of_the_sea_give_way_to_the_global_grid(stack, shared_data):
    root = {"crs": "EPSG:32605", "resolution": 30, "extent": [-155.20, 19.25, -155.12, 19.33]}
    land = {"filter": {"min_elevation": 0.5}, "resampling": "bilinear"}
    fused = stack(root, (ETOPO5, {}), (KILAUEA, land))
    fused.assert_every_pixel_named()
    source = SourceAtPixels(fused, shared_data / KILAUEA)
    source.values[source.values < 0.5] = numpy.nan
    source.inside &= source.nearest() >= 0.5
    on_land = fused.surveys == "hawaii_kilauea_dem_30m_utm5n_cog"
    assert 0.2 < on_land.mean() < 0.95
    assert_bilinear(numpy.where(on_land, fused.elevation, numpy.nan), source)
    world, _ = SourceAtPixels(fused, shared_data / ETOPO5).bilinear()
    assert numpy.allclose(fused.elevation[~on_land], world[~on_land], atol=0.5)


def test_a_cog_is_read_through_its_overviews(stack):
    root = {"crs": "EPSG:32605", "resolution": 30, "extent": [-155.30, 19.30, -155.20, 19.40]}
    fine, coarse = stack(root, (KILAUEA, {})), stack(root, (KILAUEA, {}))
    overview = coarse.dataset.GetRasterBand(1).GetOverview(0).ReadAsArray()
    height, width = overview.shape
    mean = fine.elevation.reshape(height, 2, width, 2).mean(axis=(1, 3))
    assert abs(overview - mean).mean() < 2 and abs(overview.mean() - mean.mean()) < 0.2
    assert 0 < coarse.counters()["SOURCE_PIXELS_READ"] <= 428 * 396, "the file's first overview, not its 857 x 793 pixels"


def test_two_netcdf_files_over_each_other_the_later_on_top(stack, shared_data):
    root = {"resolution": 30, "extent": [-94.02, 29.68, -93.98, 29.72]}
    for files in (SABINE, SABINE[::-1]):
        fused = stack(root, (ETOPO5, {}), (files, {"resampling": "bilinear"}))
        fused.assert_every_pixel_named()
        lower, upper = (SourceAtPixels(fused, shared_data / file, crs="EPSG:4326") for file in files)
        on_upper = fused.surveys == files[1].split("/")[1][:-3]
        sure = ~upper.near_edge
        assert numpy.array_equal(on_upper[sure], upper.inside[sure])
        assert_bilinear(numpy.where(on_upper, fused.elevation, numpy.nan), upper)
        rest = fused.surveys == files[0].split("/")[1][:-3]
        assert not (rest & upper.inside & sure).any()
        assert (fused.surveys == "etopo5_5min_global_pm180").any()
        del lower


def test_a_metre_scale_shoreline_keeps_its_waterline(stack, shared_data):
    root = {"resolution": 3, "extent": [-70.692, 42.652, -70.684, 42.661]}
    fused = stack(root, (ETOPO5, {}), (ETOPO1, {}), (WINGAERSHEEK, {"resampling": "bilinear"}))
    fused.assert_every_pixel_named()
    source = SourceAtPixels(fused, shared_data / WINGAERSHEEK)
    assert_bilinear(fused.elevation, source, at_least=0.99)
    assert fused.row_of("cudem_wingaersheek_ma_3m_navd88")["vertical_datum"] == "NAVD88 height"
    truth, _ = source.bilinear()
    assert (fused.elevation > 0).mean() == pytest.approx((truth > 0).mean(), abs=0.002)
    assert fused.counters()["LAYERS_OCCLUDED"] > 0


def test_a_withheld_glo30_tile_is_filled_by_glo90(stack, shared_data):
    root = {"resolution": 30, "extent": [42.96, 40.46, 43.04, 40.54]}
    fused = stack(root, (GLO90, {"name": "glo90"}), (GLO30, {"name": "glo30"}))
    assert numpy.isfinite(fused.elevation).all(), "no gap between the two"
    x, _ = fused.centres()
    by_fine = fused.surveys == GLO30.split("/")[1][:-4]
    assert by_fine[x < 42.9996].all() and not by_fine[x > 43.0].any()
    fine = SourceAtPixels(fused, shared_data / GLO30)
    assert_bilinear(numpy.where(by_fine, fused.elevation, numpy.nan), fine)
    # The same ground measured by one mission: across the tiles' edge no more than the terrain's own steps.
    step = abs(numpy.diff(fused.elevation, axis=1))
    edge = int(numpy.argmax(~by_fine[0])) - 1
    assert numpy.median(step[:, edge]) < 3 * max(1.0, numpy.median(step))


# Vertical frames


@pytest.fixture
def egm2008(shared_data, tmp_path):
    """PROJ with the EGM2008 grid of Los Angeles under the name PROJ looks for."""
    folder = tmp_path / "proj"
    folder.mkdir()
    shutil.copy(shared_data / "vgrid/egm2008_1min_losangeles_crop.tif", folder / "us_nga_egm08_25.tif")
    before = osr.GetPROJSearchPaths()
    osr.SetPROJSearchPaths([str(folder), *before])
    yield folder
    osr.SetPROJSearchPaths(before)


GEOID, ELLIPSOID = "dem/losangeles_30m_geoid_heights.tif", "dem/losangeles_30m_ellipsoid_heights.tif"
ROOT = {"resolution": 30, "extent": [-118.04, 33.96, -117.96, 34.04]}


def test_geoid_heights_become_the_known_ellipsoid_heights(stack, shared_data, egm2008):
    shifted = stack({**ROOT, "vertical_crs": "EPSG:4979"}, (GEOID, {"vertical_crs": "EPSG:3855"}))
    truth = stack(ROOT, (ELLIPSOID, {}))
    assert abs(shifted.elevation - truth.elevation).max() < 0.02
    plain = stack(ROOT, (GEOID, {}))
    assert -36 < (shifted.elevation - plain.elevation).mean() < -34


def test_both_frames_lie_on_one_surface_in_one_policy(stack, egm2008):
    west = {"zone": [-118.05, 33.95, -118.00, 34.05]}
    fused = stack({**ROOT, "vertical_crs": "EPSG:3855"}, (GEOID, {"vertical_crs": "EPSG:3855"}),
                  (ELLIPSOID, {"vertical_crs": "EPSG:4979", **west}))
    truth = stack({**ROOT, "vertical_crs": "EPSG:3855"}, (GEOID, {"vertical_crs": "EPSG:3855"}))
    assert len(numpy.unique(fused.ids)) == 2
    assert abs(fused.elevation - truth.elevation).max() < 0.02
    assert fused.dataset.GetSpatialRef().IsCompound()


def test_without_the_grid_the_heights_are_refused(stack):
    fused = stack({**ROOT, "vertical_crs": "EPSG:4979"}, (GEOID, {"vertical_crs": "EPSG:3855"}))
    with pytest.raises(RuntimeError, match="heights cannot be brought from .*us_nga_egm08_25.tif"):
        fused.elevation


# The cache


def test_a_second_read_comes_from_the_cache_bit_by_bit(stack, cache_dir):
    root = {"resolution": 60, "extent": [-122.60, 47.50, -122.40, 47.70]}
    layers = ((ETOPO5, {}), (GEBCO, {}), (SALISH_SEA, {"operator": "metric_feather", "blend_distance": 600}))
    first = stack(root, *layers)
    planes = [first.band(number) for number in (1, 2, 3)]
    fused = first.counters()["CELLS_FUSED"]
    assert fused > 1 and first.counters()["CELLS_FROM_CACHE"] == 0
    assert first.counters()["SOURCE_PIXELS_READ"] > 0
    first.dataset.FlushCache()  # drops what this process holds in memory
    del first
    second = stack(root, *layers)
    again = second.dataset.ReadAsArray()
    assert all(numpy.array_equal(band, plane, equal_nan=True) for band, plane in zip(again, planes))
    counters = second.counters()
    assert counters["CELLS_FUSED"] == counters["SOURCE_PIXELS_READ"] == counters["LAYERS_READ"] == 0
    assert counters["CELLS_FROM_CACHE"] == fused
    assert len(list(cache_dir.glob("fused_zarr/*/*.zarr.zip"))) == fused


def test_a_cached_cell_opens_in_xarray_and_gdal(stack, cache_dir):
    xarray = needed.module("xarray")
    zarr = needed.module("zarr")
    root = {"resolution": 60, "extent": [-122.45, 47.60, -122.40, 47.65]}
    fused = stack(root, (ETOPO5, {}), (SALISH_SEA, {}))
    x, y = fused.centres()
    elevation, ids = fused.elevation, fused.ids
    compared = 0
    for path in cache_dir.glob("fused_zarr/*/*.zarr.zip"):
        with zarr.ZipStore(str(path), mode="r") as store:
            cell = xarray.open_zarr(store, consolidated=True).load()
        column = numpy.searchsorted(x[0], cell.x.values[0])
        row = int(round((y[0, 0] - cell.y.values[0]) / -fused.transform[5]))
        rows, columns = cell.elevation.shape
        if column + columns > x.shape[1] or not 0 <= row <= x.shape[0] - rows or abs(x[0, column] - cell.x.values[0]) > 1e-9:
            continue
        window = slice(row, row + rows), slice(column, column + columns)
        assert numpy.array_equal(cell.elevation.values, elevation[window].astype("f4"), equal_nan=True)
        table = {entry["value"] for entry in fused.table()}
        assert set(numpy.unique(cell.source_id.values)) - {0} <= table
        assert numpy.array_equal(cell.source_id.values, ids[window])
        through_gdal = gdal.OpenEx(f'ZARR:"/vsizip/{path}":/elevation').ReadAsArray()
        assert numpy.array_equal(through_gdal, cell.elevation.values, equal_nan=True)
        compared += 1
    assert compared >= 1


def test_a_window_an_offset_and_a_whole_read_agree(stack):
    """Law 1 on real data in two CRSs."""
    for crs in ("EPSG:4326", "EPSG:3857"):
        root = {"crs": crs, "resolution": 40, "extent": [-122.46, 47.62, -122.40, 47.68]}
        layers = ((ETOPO5, {}), (GEBCO, {}), (SALISH_SEA, {}),
                  (SEATTLE, {"operator": "metric_feather", "blend_distance": 80}))
        whole = stack(root, *layers, CACHE="OFF")
        planes = [whole.band(number) for number in (1, 2, 3)]
        column, row = whole.pixel(-122.4250, 47.6722)
        pieces = stack(root, *layers, CACHE="OFF", NUM_THREADS="1")
        for window in ((column, row, 1, 1), (column - 3, row - 2, 7, 5), (0, 0, 33, 2)):
            left, top, width, height = window
            for number, plane in zip((1, 2, 3), planes):
                assert numpy.array_equal(pieces.band(number, window), plane[top:top + height, left:left + width],
                                         equal_nan=True)
