"""GDAL's programs and rasterio over one real policy, start to end. None of them may say anything on standard error."""

import json
import xml.etree.ElementTree as ElementTree

import numpy
import pytest
from osgeo import gdal

import needed
from fused import Fused
from policies import policy, raster_step

CRM = "topobathy/ngdc_crm_3s_newyork_longisland.tif"
ETOPO1 = "global/etopo1_1min_nw_atlantic_89W54W_14N46N.tif"
BAGS = ["bag/newyork_harbor_bdb_01_4m.bag", "bag/newyork_longbeach_bdb_02_4m.bag"]

# The Narrows between Staten Island and Brooklyn.
EXTENT = [-74.08, 40.58, -74.00, 40.64]
ON_SURVEY = (-74.0528, 40.6030)


@pytest.fixture
def narrows(shared_data, write_policy):
    """The policy file: two grids and two surveys over land and sea, 20 m."""
    feather = {"operator": "metric_feather", "blend_distance": 40}
    steps = [raster_step(shared_data / ETOPO1, name="world", uncertainty={"constant": 2, "depth_factor": 0.05}),
             raster_step(shared_data / CRM, name="coast", uncertainty=1),
             raster_step([shared_data / bag for bag in BAGS], name="surveys", uncertainty=0.3, **feather)]
    return write_policy(policy(steps, name="The Narrows", resolution=20, extent=EXTENT), name="narrows.yaml")


@pytest.fixture
def silent(run_tool):
    """Runs a program and returns what it prints; what it says on standard error fails the test."""

    def run(program, *arguments):
        process = run_tool(program, *arguments)
        assert process.stderr == "", f"{program}: {process.stderr}"
        return process.stdout

    return run


def test_gdalinfo_describes_the_raster(narrows, silent):
    told = json.loads(silent("gdalinfo", "-json", narrows))
    assert told["driverShortName"] == "TOPOBATHY"
    assert [band["description"] for band in told["bands"]] == ["Elevation", "Uncertainty", "Contributor"]
    assert all(band["type"] == "Float32" and band["noDataValue"] == "NaN" for band in told["bands"])
    assert told["bands"][0]["unit"] == "m"
    assert told["bands"][0]["overviews"]
    west, north = told["cornerCoordinates"]["upperLeft"]
    assert EXTENT[0] - 0.01 < west <= EXTENT[0] and EXTENT[3] <= north < EXTENT[3] + 0.01
    sources = json.loads(silent("gdalinfo", "-json", "-mdd", "SOURCES", narrows))["metadata"]["SOURCES"]
    surveys = {json.loads(text)["survey_id"] for text in sources.values()}
    assert "newyork_harbor_bdb_01_4m" in surveys


def test_translate_to_cog_keeps_every_pixel_and_passes_gdal_s_check(narrows, silent, tmp_path):
    target = str(tmp_path / "fused.tif")
    silent("gdal_translate", "-q", "-of", "COG", "-co", "COMPRESS=DEFLATE", narrows, target)
    fused, written = Fused(narrows), gdal.Open(target)
    assert written.GetMetadataItem("LAYOUT", "IMAGE_STRUCTURE") == "COG"
    assert written.GetGeoTransform() == pytest.approx(fused.transform, abs=1e-12)
    for number in (1, 2, 3):
        assert numpy.array_equal(written.GetRasterBand(number).ReadAsArray(), fused.band(number), equal_nan=True)
    assert written.GetRasterBand(1).GetDescription() == "Elevation"
    table = written.GetRasterBand(3).GetDefaultRAT()
    assert table.GetRowCount() == len(fused.table())


def test_translate_cuts_and_selects(narrows, silent, tmp_path):
    target = str(tmp_path / "part.tif")
    silent("gdal_translate", "-q", "-projwin", -74.06, 40.61, -74.04, 40.60, "-b", 3, narrows, target)
    part, fused = gdal.Open(target), Fused(narrows)
    assert part.RasterCount == 1 and part.GetRasterBand(1).GetDescription() == "Contributor"
    column = round((part.GetGeoTransform()[0] - fused.transform[0]) / fused.transform[1])
    row = round((part.GetGeoTransform()[3] - fused.transform[3]) / fused.transform[5])
    ids = part.ReadAsArray()
    assert numpy.array_equal(ids, fused.band(3, (column, row, ids.shape[1], ids.shape[0])), equal_nan=True)


def test_translate_to_half_the_size_reads_the_overview(narrows, silent, tmp_path):
    target = str(tmp_path / "half.tif")
    silent("gdal_translate", "-q", "-outsize", "50%", "50%", narrows, target)
    half, fused = gdal.Open(target), Fused(narrows)
    for number in (1, 2, 3):
        overview = fused.dataset.GetRasterBand(number).GetOverview(0).ReadAsArray()
        assert numpy.array_equal(half.GetRasterBand(number).ReadAsArray(), overview, equal_nan=True)


def test_warp_to_utm_keeps_heights_and_with_nearest_the_ids(narrows, silent, tmp_path):
    target = str(tmp_path / "utm.tif")
    silent("gdalwarp", "-q", "-t_srs", "EPSG:26918", "-tr", 20, 20, "-r", "near", narrows, target)
    warped, fused = Fused(target), Fused(narrows)
    ids = warped.ids
    assert set(numpy.unique(ids)) - {0} <= {row["value"] for row in fused.table()}
    for lon, lat in (ON_SURVEY, (-74.03, 40.60), (-74.06, 40.62)):
        column, row = warped.pixel(lon, lat)
        near = fused.band(1)[tuple(slice(i - 2, i + 3) for i in fused.pixel(lon, lat)[::-1])]
        assert near.min() <= warped.elevation[row, column] <= near.max()


def test_locationinfo_names_what_made_the_pixel(narrows, silent):
    root = ElementTree.fromstring(silent("gdallocationinfo", "-xml", "-wgs84", narrows, *ON_SURVEY))
    place = next(root.iter("LocationInfo"))  # one a band, all the same
    contributors = [part.get("survey") for part in place.findall("Contributor")]
    assert contributors[0] == "newyork_harbor_bdb_01_4m"
    values = [float(band.findtext("Value")) for band in root.findall("BandReport")]
    assert values[0] == pytest.approx(Fused(narrows).at(*ON_SURVEY)[0], abs=1e-5)


def test_hillshade_is_that_of_the_written_elevations(narrows, silent, tmp_path):
    written, shades = str(tmp_path / "elevation.tif"), []
    silent("gdal_translate", "-q", "-b", 1, narrows, written)
    for number, source in enumerate((narrows, written)):
        target = str(tmp_path / f"shade_{number}.tif")
        silent("gdaldem", "hillshade", "-q", "-s", 111120, source, target)
        shades.append(gdal.Open(target).ReadAsArray())
    assert shades[0].shape == Fused(narrows).shape
    assert numpy.array_equal(*shades) and shades[0].std() > 2


def test_a_vrt_over_two_policies_reads_both(shared_data, write_policy, silent, tmp_path):
    steps = [raster_step(shared_data / CRM)]
    west = write_policy(policy(steps, resolution=60, extent=[-74.10, 40.50, -74.05, 40.55]), name="west.yaml")
    east = write_policy(policy(steps, resolution=60, extent=[-74.05, 40.50, -74.00, 40.55]), name="east.yaml")
    target = str(tmp_path / "both.vrt")
    silent("gdalbuildvrt", "-q", target, west, east)
    mosaic = gdal.Open(target)
    both = mosaic.GetRasterBand(1).ReadAsArray()
    whole = Fused(write_policy(policy(steps, resolution=60, extent=[-74.10, 40.50, -74.00, 40.55])))
    left = whole.elevation[:both.shape[0], :both.shape[1]]
    assert numpy.array_equal(both, left.astype("f4"), equal_nan=True)


def test_rasterio_reads_a_window(narrows):
    rasterio = needed.module("rasterio")
    if rasterio.__gdal_version__.split(".")[:2] != gdal.__version__.split(".")[:2]:
        pytest.skip("rasterio brings a GDAL of its own")
    with rasterio.open(narrows) as dataset:
        assert dataset.driver == "TOPOBATHY" and dataset.descriptions == ("Elevation", "Uncertainty", "Contributor")
        row, column = dataset.index(*ON_SURVEY)
        window = rasterio.windows.Window(column - 8, row - 8, 16, 16)
        planes = dataset.read(window=window)
        sampled = next(dataset.sample([ON_SURVEY]))
    fused = Fused(narrows)
    for number in (1, 2, 3):
        assert numpy.array_equal(planes[number - 1], fused.band(number, (column - 8, row - 8, 16, 16)), equal_nan=True)
    assert sampled[0] == planes[0, 8, 8]


def test_the_connection_string_alone_chooses_grid_and_bands(narrows, silent):
    name = f"TOPOBATHY:{narrows}?resolution=10&bbox=-74.06,40.595,-74.04,40.61&crs=EPSG:3857&bands=Elevation"
    told = json.loads(silent("gdalinfo", "-json", name))
    assert len(told["bands"]) == 1 and told["geoTransform"][1] == 10
    assert "Pseudo-Mercator" in told["coordinateSystem"]["wkt"]
