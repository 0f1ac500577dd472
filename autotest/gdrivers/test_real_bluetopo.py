"""BlueTopo as NOAA delivers it: three bands, the attribute table in a side-car, tiles behind a GeoPackage index."""

import shutil
import xml.etree.ElementTree as ElementTree

import numpy
import pytest
from osgeo import gdal

from fused import Fused, refusal_of
from policies import policy, raster_step
from source_truth import SourceAtPixels, read_source

CROP = "bluetopo/BlueTopo_BH54S4ZB_20251117_elevation_crop_4m.tif"
SIDECAR = "bluetopo/BlueTopo_BH54S4ZB_20251117.tiff.aux.xml"
SCHEME = "bluetopo/synthetic_schema"
ETOPO5 = "global/etopo5_5min_global_pm180.tif"

LIDAR_2006, LEADLINE_1968, LIDAR_2019 = 14748, 47944, 14644
ROOT = {"crs": "EPSG:6348", "resolution": 4, "extent": [-67.030, 17.875, -67.010, 17.890]}


@pytest.fixture(scope="module")
def tile(shared_data, tmp_path_factory):
    """A whole tile: the real elevations, an uncertainty, three of the real contributors in stripes, the real side-car."""
    path = tmp_path_factory.mktemp("bluetopo") / "BlueTopo_BH54S4ZB_20251117.tiff"
    elevation = gdal.Open(str(shared_data / CROP))
    made = gdal.GetDriverByName("GTiff").Create(str(path), elevation.RasterXSize, elevation.RasterYSize, 3, gdal.GDT_Float32,
                                                ["TILED=YES", "COMPRESS=DEFLATE", "INTERLEAVE=PIXEL"])
    made.SetGeoTransform(elevation.GetGeoTransform())
    made.SetSpatialRef(elevation.GetSpatialRef())
    values = elevation.ReadAsArray()
    stripes = numpy.array([LIDAR_2006, LEADLINE_1968, LIDAR_2019])[numpy.arange(values.shape[1]) // 40 % 3]
    bands = (values, 0.5 + 0.02 * abs(values), numpy.where(numpy.isnan(values), numpy.nan, stripes[None, :]))
    for number, band in enumerate(bands, 1):
        made.GetRasterBand(number).WriteArray(band)
        made.GetRasterBand(number).SetNoDataValue(numpy.nan)
    del made
    shutil.copy(shared_data / SIDECAR, f"{path}.aux.xml")
    return path


def _real_rows(path):
    """Rows of the side-car by contributor, from its XML."""
    table = ElementTree.parse(path).find(".//GDALRasterAttributeTable")
    names = [field.findtext("Name") for field in table.findall("FieldDefn")]
    rows = [dict(zip(names, (cell.text for cell in row.findall("F")))) for row in table.findall("Row")]
    return {int(row["value"]): row for row in rows}


def test_every_pixel_names_the_survey_of_the_real_table(write_policy, tile):
    fused = Fused(write_policy(policy([raster_step(tile, resampling="nearest")], **ROOT)))
    fused.assert_every_pixel_named()
    rows = _real_rows(f"{tile}.aux.xml")
    source = SourceAtPixels(fused, tile, band=3)
    sure = source.inside & ~source.near_edge
    expected = {number: rows[number]["source_survey_id"] for number in (LIDAR_2006, LEADLINE_1968, LIDAR_2019)}
    for number, survey in expected.items():
        assert (fused.surveys[sure & (source.nearest() == number)] == survey).all()
    assert set(expected.values()) == set(numpy.unique(fused.surveys)) - {""}


def test_the_attribute_table_carries_the_real_rows_over(write_policy, tile):
    fused = Fused(write_policy(policy([raster_step(tile)], **ROOT)))
    rows = _real_rows(f"{tile}.aux.xml")
    columns = ("source_institution", "survey_date_start", "survey_date_end", "license_name", "license_url")
    table = {row["source_survey_id"]: row for row in fused.table()}
    assert len(rows) == 16
    for row in rows.values():
        for column in columns:
            stated = row[column] if row[column] not in (None, "N/A") else ""
            assert table[row["source_survey_id"]][column] == stated, (row["source_survey_id"], column)


def test_its_uncertainty_comes_along(write_policy, tile):
    fused = Fused(write_policy(policy([raster_step(tile, resampling="nearest", uncertainty=99)], **ROOT)))
    valid = numpy.isfinite(fused.elevation)
    assert valid.sum() > 10000
    expected = 0.5 + 0.02 * abs(fused.elevation[valid])
    assert numpy.allclose(fused.uncertainty[valid], expected, atol=1e-4)


def test_a_survey_is_left_out_by_its_name(write_policy, tile, shared_data):
    steps = [raster_step(shared_data / ETOPO5),
             raster_step(tile, resampling="nearest", filter={"exclude_patterns": ["H0*", "*_LI_*"]})]
    fused = Fused(write_policy(policy(steps, **ROOT)))
    assert set(numpy.unique(fused.surveys)) == {"etopo5_5min_global_pm180", "Job670041_2019_ngs_topobathy_dem_pr_001_000"}


def test_ids_survive_reduced_reads(write_policy, tile):
    fused = Fused(write_policy(policy([raster_step(tile)], **ROOT)))
    known = {row["value"] for row in fused.table()}
    contributor = fused.dataset.GetRasterBand(3)
    for level in range(contributor.GetOverviewCount()):
        ids = contributor.GetOverview(level).ReadAsArray()
        assert set(numpy.unique(ids[numpy.isfinite(ids)]).astype(int)) <= known


@pytest.fixture
def scheme(shared_data, tmp_path):
    """The tile scheme and its tiles, laid out as the scheme's links say."""
    shutil.copytree(shared_data / SCHEME, tmp_path / "tiles")
    (tmp_path / "scheme").mkdir()
    shutil.move(tmp_path / "tiles/BlueTopo_Tile_Scheme_example.gpkg", tmp_path / "scheme/tiles.gpkg")
    return tmp_path


def test_tiles_come_from_the_links_of_a_geopackage(write_policy, scheme):
    step = {"provider": "raster", "index": "scheme/tiles.gpkg", "location_field": "GeoTIFF_Link", "resampling": "nearest"}
    fused = Fused(write_policy(policy([step], resolution=1113, extent=[0, 0, 2.05, 1.1])))
    fused.assert_every_pixel_named()
    names = [f"BlueTopo_{name}" for name in ("TILE_FINE_A", "TILE_COARSE_B", "TILE_UTM_C")]
    top, value = numpy.full(fused.shape, "", dtype="U32"), numpy.full(fused.shape, numpy.nan)
    sure = numpy.ones(fused.shape, bool)
    for name in names:  # in the order of the index: the last lies on top
        grid = SourceAtPixels(fused, scheme / f"tiles/{name[9:]}/{name}.tiff")
        top[grid.inside], value[grid.inside] = name, grid.nearest()[grid.inside]
        sure &= ~grid.near_edge
    assert sure.sum() > 1000
    assert numpy.array_equal(fused.surveys[sure], top[sure])
    assert numpy.allclose(fused.elevation[sure], value[sure], equal_nan=True)
    assert set(numpy.unique(fused.surveys)) == {"", *names}


def test_a_table_that_gdal_does_not_know_makes_the_tile_one_source(write_policy, scheme):
    """These side-cars keep their table beside the bands, not in one: GDAL reports none, and nothing is guessed."""
    path = scheme / "tiles/TILE_FINE_A/BlueTopo_TILE_FINE_A.tiff"
    fused = Fused(write_policy(policy([raster_step(path)], resolution=5566, extent=[0, 0, 1, 1])))
    assert [row["source_survey_id"] for row in fused.table()] == ["BlueTopo_TILE_FINE_A"]
    assert fused.uncertainty.max() == pytest.approx(0.45)
    values, _, _ = read_source(path)
    assert fused.elevation.min() >= values.min() and fused.elevation.max() <= values.max()


def test_an_index_without_the_field_lists_those_it_has(write_policy, scheme):
    step = {"provider": "raster", "index": "scheme/tiles.gpkg"}
    message = refusal_of(write_policy(policy([step])))
    assert f"the tile index '{scheme}/scheme/tiles.gpkg' has no field 'location': name the one with the files in " \
           "location_field; there are: tile, Delivered_Date, UTM, Resolution, GeoTIFF_Link" in message


def test_a_tile_of_the_index_that_is_missing_is_named(write_policy, scheme):
    (scheme / "tiles/TILE_UTM_C/BlueTopo_TILE_UTM_C.tiff").unlink()
    step = {"provider": "raster", "index": "scheme/tiles.gpkg", "location_field": "GeoTIFF_Link"}
    message = refusal_of(write_policy(policy([step], extent=[1.7, 0.4, 1.8, 0.5])))
    assert "TILE_UTM_C/BlueTopo_TILE_UTM_C.tiff': no such file" in message
