"""Pixels: whole, windows, sizes, types, levels, and the programs that read them."""

import coast
import needed
import numpy
import pytest
from osgeo import gdal

WHOLE = (0, 0, coast.WIDTH, coast.HEIGHT)


@pytest.fixture
def two_files(tmp_path):
    return coast.make(tmp_path)


@pytest.fixture
def opened(two_files):
    return gdal.Open(two_files.name)


def test_every_pixel_is_that_of_the_highest_file(two_files, opened):
    assert numpy.array_equal(opened.GetRasterBand(1).ReadAsArray(), two_files.elevation)
    ids = opened.GetRasterBand(3).ReadAsArray()
    survey = ids[coast.SURVEY][0, 0]
    base = ids[0, 0]
    assert survey != base
    assert (ids[coast.SURVEY] == survey).sum() == 256 * 320 - 200
    assert (ids[coast.HOLE] == base).all()


def test_any_window_of_any_band_gives_the_same_bits(opened):
    whole = opened.ReadAsArray()
    random = numpy.random.default_rng(5)
    for _ in range(60):
        column, row = int(random.integers(0, coast.WIDTH)), int(random.integers(0, coast.HEIGHT))
        width = int(random.integers(1, min(90, coast.WIDTH - column) + 1))
        height = int(random.integers(1, min(90, coast.HEIGHT - row) + 1))
        window = opened.ReadAsArray(column, row, width, height)
        assert window.tobytes() == whole[:, row:row + height, column:column + width].tobytes()


def test_windows_blocks_and_copies_agree_without_a_cache(two_files):
    name = two_files.name + "&CACHE=OFF"
    copy = gdal.Translate("", name, format="MEM", bandList=[1, 3])
    dataset = gdal.Open(name)
    for band, number in ((1, 1), (2, 3)):
        expected = copy.GetRasterBand(band).ReadAsArray()
        block = numpy.frombuffer(dataset.GetRasterBand(number).ReadBlock(1, 0), numpy.float32).reshape(512, 512)
        assert numpy.array_equal(block[:, :coast.WIDTH - 512], expected[:, 512:])
        assert numpy.isnan(block[:, coast.WIDTH - 512:]).all()


def test_half_size_is_the_overview(opened):
    half = opened.GetRasterBand(1).ReadAsArray(*WHOLE, coast.WIDTH // 2, coast.HEIGHT // 2)
    overview = opened.GetRasterBand(1).GetOverview(0).ReadAsArray()
    assert half.tobytes() == overview.tobytes()


def test_overviews_are_exact_halves(opened):
    band = opened.GetRasterBand(1)
    assert band.GetOverviewCount() >= 1
    for level in range(band.GetOverviewCount()):
        overview = band.GetOverview(level)
        assert (overview.XSize, overview.YSize) == (coast.WIDTH >> (level + 1), coast.HEIGHT >> (level + 1))


@pytest.mark.parametrize("algorithm", [gdal.GRIORA_NearestNeighbour, gdal.GRIORA_Bilinear, gdal.GRIORA_Cubic,
                                       gdal.GRIORA_Average, gdal.GRIORA_Mode])
@pytest.mark.parametrize("size", [(200, 160), (333, 201), (900, 700)])
def test_ids_stay_ids_at_every_size(opened, algorithm, size):
    known = set(numpy.unique(opened.GetRasterBand(3).ReadAsArray()))
    ids = opened.GetRasterBand(3).ReadAsArray(*WHOLE, *size, resample_alg=algorithm)
    assert set(numpy.unique(ids)) <= known


def test_reduced_nearest_is_close_to_the_mean_of_the_pixels(two_files, opened):
    reduced = opened.GetRasterBand(1).ReadAsArray(0, 0, 120, 120, 40, 40)
    mean = two_files.elevation[:120, :120].reshape(40, 3, 40, 3).mean(axis=(1, 3))
    assert numpy.abs(reduced - mean).max() < 1.0


def test_a_floating_window_shifts_by_the_fraction(opened):
    band = opened.GetRasterBand(1)
    pixel = numpy.frombuffer(band.ReadRaster(10.5, 20, 1, 1, 1, 1, gdal.GDT_Float32,
                                             resample_alg=gdal.GRIORA_Bilinear), numpy.float32)[0]
    left, right = band.ReadAsArray(10, 20, 2, 1)[0]
    assert pixel == pytest.approx((left + right) / 2, abs=1e-4)


def test_progress_false_stops_the_read(opened):
    with pytest.raises(RuntimeError, match="cancel"):
        opened.GetRasterBand(1).ReadAsArray(callback=lambda *_: 0)


def test_approximate_statistics_fuse_an_overview_only(opened):
    minimum, maximum, _, _ = opened.GetRasterBand(1).ComputeStatistics(True)
    assert minimum < maximum
    assert int(opened.GetMetadataItem("CELLS_FUSED", "__DEBUG__")) <= 2


def test_coverage_is_known_without_fusing(two_files):
    far = gdal.Open(f"TOPOBATHY:{two_files.policy}?BBOX=512000,4500000,600000,4608000&BBOX_CRS=EPSG:32619")
    flags, _ = far.GetRasterBand(1).GetDataCoverageStatus(5000, 8000, 500, 500)
    assert flags == gdal.GDAL_DATA_COVERAGE_STATUS_EMPTY
    flags, _ = far.GetRasterBand(1).GetDataCoverageStatus(0, 0, 500, 500)
    assert flags & gdal.GDAL_DATA_COVERAGE_STATUS_DATA
    assert far.GetMetadataItem("CELLS_FUSED", "__DEBUG__") == "0"


def test_a_copy_fuses_every_cell_once(two_files):
    dataset = gdal.Open(two_files.name)
    gdal.Translate("", dataset, format="MEM")
    cells = int(dataset.GetMetadataItem("CELLS_FUSED", "__DEBUG__"))
    layers = int(dataset.GetMetadataItem("LAYERS_READ", "__DEBUG__"))
    assert 0 < cells <= 6
    assert layers <= 2 * cells


def test_translate_window_size_and_band(two_files, run_tool, tmp_path):
    out = tmp_path / "part.tif"
    left, top = coast.LEFT + 1000, coast.TOP - 1000
    run_tool("gdal_translate", "-q", "-b", "1", "-projwin", left, top, left + 2000, top - 1500, two_files.name, out)
    assert numpy.array_equal(gdal.Open(str(out)).ReadAsArray(), two_files.elevation[100:250, 100:300])
    run_tool("gdal_translate", "-q", "-b", "3", "-outsize", "50%", "50%", two_files.name, out)
    assert gdal.Open(str(out)).RasterXSize == coast.WIDTH // 2


def test_translate_to_cog_keeps_bands_and_table(two_files, run_tool, tmp_path):
    out = tmp_path / "fused.tif"
    run_tool("gdal_translate", "-q", "-of", "COG", two_files.name, out)
    copy = gdal.Open(str(out))
    assert copy.GetMetadataItem("LAYOUT", "IMAGE_STRUCTURE") == "COG"
    assert numpy.array_equal(copy.GetRasterBand(1).ReadAsArray(), two_files.elevation)
    table = copy.GetRasterBand(3).GetDefaultRAT()
    values = {table.GetValueAsInt(row, 0) for row in range(table.GetRowCount())}
    assert set(numpy.unique(copy.GetRasterBand(3).ReadAsArray()).astype(int)) <= values
    assert numpy.isnan(copy.GetRasterBand(1).GetNoDataValue())


def test_vrt_and_buildvrt_read_the_same_pixels(two_files, run_tool, tmp_path):
    translated, built = tmp_path / "t.vrt", tmp_path / "b.vrt"
    run_tool("gdal_translate", "-q", "-of", "VRT", two_files.name, translated)
    run_tool("gdalbuildvrt", "-q", built, two_files.name)
    for path in (translated, built):
        assert numpy.array_equal(coast.read_band(path, 1), two_files.elevation)


def test_warp_near_keeps_ids(two_files, run_tool, tmp_path):
    out = tmp_path / "warped.tif"
    run_tool("gdalwarp", "-q", "-r", "near", "-t_srs", "EPSG:3857", two_files.name, out)
    known = set(numpy.unique(coast.read_band(two_files.name, 3)))
    ids = coast.read_band(out, 3)
    assert set(numpy.unique(ids[~numpy.isnan(ids)])) <= known


def test_hillshade_and_info(two_files, run_tool, tmp_path):
    run_tool("gdaldem", "hillshade", "-q", two_files.name, tmp_path / "shade.tif")
    assert coast.read_band(tmp_path / "shade.tif").dtype == numpy.uint8
    text = run_tool("gdalinfo", "-oo", two_files.options[0], "-oo", two_files.options[1], two_files.policy).stdout
    assert "Driver: TOPOBATHY/Topobathymetric fusion policy" in text
    assert "Description = Contributor" in text


def test_rasterio_reads_it(two_files):
    rasterio = needed.module("rasterio")
    with rasterio.open(two_files.name) as dataset:
        assert dataset.descriptions == ("Elevation", "Uncertainty", "Contributor")
        assert numpy.array_equal(dataset.read(1), two_files.elevation)
        assert dataset.overviews(1)[0] == 2
        row = next(dataset.sample([(coast.LEFT + 5, coast.TOP - 5)]))
        assert row[0] == two_files.elevation[0, 0]
