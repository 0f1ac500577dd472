"""Odd, hostile and incomplete real files: each is refused with one error that names the file and the reason, or read
by a documented rule."""

import os
import resource
import subprocess
import sys

import numpy
import pytest
from osgeo import gdal, osr

from fused import Fused, refusal_of
from policies import policy, raster_step
from source_truth import SourceAtPixels, assert_bilinear

ETOPO5 = "global/etopo5_5min_global_pm180.tif"
CRM = "topobathy/ngdc_crm_3s_newyork_longisland.tif"
CURVILINEAR = "bathy_regional/salishseacast_bathymetry_202108_500m_curvilinear.nc"
HOSTILE = "bag/odd/metadata_layer_example_bogus_supergrids.bag"
NO_CRS = "bag/odd/synthetic_no_crs_true_n_nominal.bag"
DEEP_WATER = ((-123.14, 48.677), (-123.055, 48.64), (-122.961, 48.53))
NOT_READ = "no GDAL raster driver recognises it; it is damaged, cut short, or no raster"


@pytest.mark.parametrize("file, reason", [
    ("bag/odd/one_byte_fake_00.bag", NOT_READ),
    ("bag/odd/hdf5_without_BAG_root_bdb_00.bag", NOT_READ),
    ("bag/odd/unreadable_test_00.bag", NOT_READ),
    ("lidar/lone-star.copc.laz", NOT_READ),
    ("points/h12488_longislandsound_s57_soundings.000", NOT_READ),
    ("tileindex/nbs_vrt_tiles.gpkg", NOT_READ),
    ("bag/there_is_no_such.bag", "no such file"),
])
@pytest.mark.parametrize("extent", [None, [-75, 40, -74.9, 40.1]], ids=["on opening", "on reading"])
def test_what_is_no_raster_is_refused_by_name(shared_data, write_policy, file, reason, extent):
    root = {"extent": extent} if extent else {}
    message = refusal_of(write_policy(policy([raster_step(shared_data / file)], **root)))
    assert f"cannot read '{shared_data / file}': {reason}" in message


def test_a_container_of_several_rasters_names_them(shared_data, write_policy):
    path = shared_data / CURVILINEAR
    message = refusal_of(write_policy(policy([raster_step(path)])))
    assert f"cannot use '{path}': it holds several rasters; name the one you mean as path: " in message
    assert f'NETCDF:"{path}":Bathymetry' in message


def test_a_curvilinear_grid_is_refused_with_advice(shared_data, write_policy):
    name = f'NETCDF:"{shared_data / CURVILINEAR}":Bathymetry'
    message = refusal_of(write_policy(policy([raster_step(name)])))
    assert f"cannot use '{name}': it has no geotransform (perhaps a curvilinear grid or ground control points); " \
           "warp it to a regular grid first (gdalwarp -geoloc)" in message


@pytest.mark.parametrize("say_depth", [
    lambda band: band.SetMetadataItem("positive", "down"),
    lambda band: band.SetMetadataItem("standard_name", "sea_floor_depth_below_mean_sea_level"),
    lambda band: band.SetScale(-1),
], ids=["positive", "standard_name", "scale"])
def test_a_warped_curvilinear_grid_of_depths_becomes_a_source(shared_data, write_policy, tmp_path, say_depth):
    warped = _warp_by_its_coordinates(shared_data / CURVILINEAR, str(tmp_path / "salish_sea.tif"))
    say_depth(warped.GetRasterBand(1))
    del warped
    fused = Fused(write_policy(policy([raster_step(tmp_path / "salish_sea.tif", resampling="nearest")], resolution=250)))
    lon, lat, depth = (gdal.Open(f'NETCDF:"{shared_data / CURVILINEAR}":{name}').ReadAsArray()
                       for name in ("nav_lon", "nav_lat", "Bathymetry"))
    for place in DEEP_WATER:
        node = numpy.argmin(numpy.hypot((lon - place[0]) * 0.66, lat - place[1]))
        row, column = numpy.unravel_index(node, lon.shape)
        around = depth[row - 1:row + 2, column - 1:column + 2]
        assert around.min() > 0
        assert -around.max() <= fused.at(*place)[0] <= -around.min()


def _warp_by_its_coordinates(path, target):
    """What docs/troubleshooting-sources.md says: this file does not tell GDAL which arrays hold its coordinates."""
    view = gdal.Translate("", f'NETCDF:"{path}":Bathymetry', format="VRT")
    view.SetMetadata({"X_DATASET": f'NETCDF:"{path}":nav_lon', "X_BAND": "1", "Y_DATASET": f'NETCDF:"{path}":nav_lat',
                      "Y_BAND": "1", "PIXEL_OFFSET": "0", "PIXEL_STEP": "1", "LINE_OFFSET": "0", "LINE_STEP": "1",
                      "SRS": osr.SRS_WKT_WGS84_LAT_LONG}, "GEOLOCATION")
    return gdal.Warp(target, view, geoloc=True, dstSRS="EPSG:4326", outputBounds=(-123.2, 48.5, -122.9, 48.7), xRes=0.003,
                     yRes=0.003)


def test_a_subdataset_is_named_relative_to_the_policy(shared_data, write_policy, tmp_path):
    file = "gebco_2023_n48.8518_s47.1651_w-124.837_e-122.1564.nc"
    (tmp_path / "data").symlink_to(shared_data / "global")
    extent = [-123.2, 48.5, -123.1, 48.6]
    whole = Fused(write_policy(policy([raster_step(f"data/{file}")], extent=extent, resolution=400)))
    for spelling in (f'NETCDF:"data/{file}":elevation', f"NETCDF:data/{file}:elevation"):
        part = Fused(write_policy(policy([raster_step(spelling)], extent=extent, resolution=400), name="part.yaml"))
        assert numpy.array_equal(part.elevation, whole.elevation)


def test_hostile_refinements_neither_hang_nor_eat_memory(shared_data, write_policy):
    path = write_policy(policy([raster_step(shared_data / HOSTILE)], extent=[-66.37, 50.11, -66.36, 50.12]))
    script = "import sys; from osgeo import gdal; d = gdal.Open(sys.argv[1]); d.GetRasterBand(1).ReadAsArray()"
    # The address sanitizer maps terabytes of shadow: there the time limit alone has to do.
    limit = resource.RLIM_INFINITY if os.environ.get("TOPOBATHY_SANITIZED") else 2 << 30
    process = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, timeout=30, check=False,
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
    assert f"cannot use '{shared_data / HOSTILE}': its variable-resolution metadata is damaged (refined grids of " \
        in process.stderr
    assert "convert its base grid with gdal_translate -oo MODE=LOW_RES_GRID" in process.stderr


def test_the_advice_for_hostile_refinements_works(shared_data, write_policy, tmp_path):
    base = str(tmp_path / "base.tif")
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    gdal.Translate(base, gdal.OpenEx(str(shared_data / HOSTILE), open_options=["MODE=LOW_RES_GRID"]))
    gdal.PopErrorHandler()
    fused = Fused(write_policy(policy([raster_step(base)], resolution=30)))
    assert numpy.allclose(fused.elevation[numpy.isfinite(fused.elevation)], 1.23, atol=1e-5)
    assert numpy.allclose(fused.uncertainty[numpy.isfinite(fused.elevation)], 4.56, atol=1e-5)


def test_a_file_without_crs_asks_for_one_and_takes_it(shared_data, write_policy):
    path = shared_data / NO_CRS
    message = refusal_of(write_policy(policy([raster_step(path)])))
    assert f"'{path}' has no coordinate reference system: state it with 'crs:' in the step" in message
    step = raster_step(path, crs="EPSG:32617", resampling="bilinear")
    fused = Fused(write_policy(policy([step], crs="EPSG:32617", resolution=2), name="with_crs.yaml"))
    assert_bilinear(fused.elevation, SourceAtPixels(fused, path, crs="EPSG:32617"), at_least=0.3)


@pytest.mark.parametrize("file", [
    "bag/odd/synthetic_georefmetadata_layer.bag", "bag/odd/synthetic_sample_1.5.0_all_zero.bag",
    "bag/odd/synthetic_sample_2.0.1_nominal_elevation.bag", "bag/odd/synthetic_test_vr.bag",
])
def test_the_examples_of_the_bag_specification_open(shared_data, write_policy, file):
    fused = Fused(write_policy(policy([raster_step(shared_data / file)], crs="EPSG:3857", resolution=20)))
    fused.assert_every_pixel_named()
    assert numpy.isfinite(fused.elevation).any()


@pytest.mark.parametrize("file", [
    "topobathy/cudem_sabinepass_tx_equal.nc", "topobathy/cudem_sabinepass_tx_unequal.nc",
])
def test_a_netcdf_with_degrees_but_no_crs_is_in_wgs84(shared_data, write_policy, file):
    path = shared_data / file
    root = {"resolution": 30, "extent": [-93.93, 29.76, -93.88, 29.80]}
    fused = Fused(write_policy(policy([raster_step(path, resampling="bilinear")], **root)))
    assert_bilinear(fused.elevation, SourceAtPixels(fused, path, crs="EPSG:4326"), at_least=0.99)
    assert fused.elevation.min() < -1 and fused.elevation.max() > 1


def test_longitudes_from_20_to_380_are_found_on_both_sides_of_greenwich(shared_data, write_policy):
    path = shared_data / "global/ferret_etopo60_60min_lon20to380.cdf"
    fused = Fused(write_policy(policy([raster_step(path, resampling="nearest")], resolution=55000,
                                      extent=[-180, -60, 180, 60])))
    assert numpy.isfinite(fused.elevation).all()
    assert fused.at(-150.5, 0.5)[0] == pytest.approx(_etopo60(path, 209.5, 0.5))
    assert fused.at(9.5, 47.5)[0] == pytest.approx(_etopo60(path, 369.5, 47.5))
    assert fused.at(9.5, 47.5)[0] > 300, "the Alps"


def _etopo60(path, lon, lat):
    dataset = gdal.Open(str(path))
    x, width, _, y, _, height = dataset.GetGeoTransform()
    return dataset.GetRasterBand(1).ReadAsArray(int((lon - x) / width), int((lat - y) / height), 1, 1)[0, 0]


def test_skip_leaves_the_broken_source_out_says_so_and_caches_nothing(shared_data, write_policy, cache_dir):
    broken = shared_data / "bag/odd/unreadable_test_00.bag"
    steps = [raster_step(shared_data / CRM, name="coast"), raster_step(broken, name="broken", on_error="skip")]
    path = write_policy(policy(steps, resolution=90, extent=[-73.5, 40.5, -73.45, 40.55]))
    fused = Fused(path)
    assert numpy.isfinite(fused.elevation).all()
    (step,) = [s for s in fused.location(-73.48, 40.52).findall("Step") if s.get("name") == "broken"]
    assert step.get("status") == "failed" and str(broken) in step.get("message")
    assert not list(cache_dir.glob("fused_zarr/**/*.zarr.zip"))
    again = Fused(path)
    again.elevation
    assert again.counters()["CELLS_FROM_CACHE"] == 0


def test_one_broken_file_of_a_list_fails_the_read_unless_skipped(shared_data, write_policy):
    files = [shared_data / CRM, shared_data / "bag/odd/one_byte_fake_00.bag"]
    root = {"resolution": 90, "extent": [-73.5, 40.5, -73.45, 40.55]}
    assert "one_byte_fake_00.bag" in refusal_of(write_policy(policy([raster_step(files, name="both")], **root)))
    fused = Fused(write_policy(policy([raster_step(files, name="both", on_error="skip")], **root), name="skip.yaml"))
    assert numpy.isfinite(fused.elevation).all()
    (step,) = fused.location(-73.48, 40.52).findall("Step")
    assert "one_byte_fake_00.bag" in step.get("message")


def test_no_policy_shift_is_tried_from_the_vertical_names_of_bags(shared_data, write_policy):
    """"//", "unknown", "example_datum" and "MLLW depth" (down!) are names: heights pass as they are, up."""
    for file, x, y in (("bag/newyork_harbor_bdb_01_4m.bag", -74.0528, 40.6030),
                       ("bag/newyork_longbeach_bdb_02_4m.bag", -73.6505, 40.5960),
                       ("bag/newcastle_nh_sh2007_0.5m_mllw.bag", -70.7050, 43.0675),
                       ("bag/seattle_wa_nrt_vr_gzip_epsg6339.bag", -122.4240, 47.6720)):
        root = {"resolution": 4, "extent": [x - 0.0005, y - 0.0005, x + 0.0005, y + 0.0005]}
        fused = Fused(write_policy(policy([raster_step(shared_data / file)], **root)))
        assert -30 < numpy.nanmean(fused.elevation) < -1, file
