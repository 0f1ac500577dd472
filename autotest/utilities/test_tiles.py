"""Tiles as others read them: GDAL, NumPy, decoders of terrain tiles. Made by the program make_tiles of the build tree."""

import json
import pathlib
import subprocess

import numpy as np
import pytest
from osgeo import gdal

import places
import policies

MAKE_TILES = places.BUILD / "tests" / "make_tiles"
TILE = (12, 1242, 1505)  # land, a river and open sea of the sample coast, and its edges
STYLES = ["chart", "blues", "hillshade", "source", "contours", "classic"]
HALF_WORLD = np.pi * 6378137.0


@pytest.fixture
def policy(sample_coast):
    return str(places.EXAMPLES / "sample_coast.yaml")


@pytest.fixture
def make(cache_dir, tmp_path):
    """make(policy, tiles, *options): [(row of the program, file without its extension)]."""
    if not MAKE_TILES.exists():
        pytest.fail(f"{MAKE_TILES} is not built: run  cmake --build build --target make_tiles", pytrace=False)

    def run(policy, tiles, *options, out="out"):
        folder = tmp_path / out
        folder.mkdir(exist_ok=True)
        names = ["/".join(map(str, tile)) for tile in tiles]
        words = [MAKE_TILES, policy, cache_dir, folder, *names, *map(str, options)]
        process = subprocess.run(words, capture_output=True, text=True, check=True, timeout=300)
        rows = [json.loads(line) for line in process.stdout.splitlines()]
        return [(row, folder / name.replace("/", "_")) for row, name in zip(rows, names)]

    return run


def rgba(path):
    """(4, rows, columns) of any PNG or WebP."""
    dataset = gdal.Open(str(path))
    table = dataset.GetRasterBand(1).GetColorTable()
    if table is None:
        bands = dataset.ReadAsArray()
    else:
        colours = np.array([table.GetColorEntry(i) for i in range(table.GetCount())], np.uint8)
        bands = colours[dataset.ReadAsArray()].transpose(2, 0, 1)
    if len(bands) == 3:
        bands = np.concatenate([bands, np.full((1, *bands.shape[1:]), 255, np.uint8)])
    return bands.astype(int)


def fused(policy, tile, cache_dir):
    """The three bands that GDAL reads where the tile is; NaN beside the raster."""
    z, x, y = tile
    pixel = 2 * HALF_WORLD / (256 * 2**z)
    options = ["CRS=EPSG:3857", f"ZOOM={z}", f"CACHE_DIR={cache_dir}"]
    dataset = gdal.OpenEx(policy, open_options=options)
    left, _, _, top, _, _ = dataset.GetGeoTransform()
    col = round((x * 256 * pixel - HALF_WORLD - left) / pixel)
    row = round((top - (HALF_WORLD - y * 256 * pixel)) / pixel)
    bands = np.full((3, 256, 256), np.nan, np.float32)
    first = max(col, 0), max(row, 0)
    last = min(col + 256, dataset.RasterXSize), min(row + 256, dataset.RasterYSize)
    part = dataset.ReadAsArray(*first, last[0] - first[0], last[1] - first[1])
    bands[:, first[1] - row:last[1] - row, first[0] - col:last[0] - col] = part
    return bands


def arrays(path):
    with np.load(path) as archive:
        return {name: archive[name] for name in archive}


def test_numbers_are_the_pixels_gdal_reads(make, policy, cache_dir):
    expected = fused(policy, TILE, cache_dir)
    assert np.isnan(expected[0]).any() and (expected[0] > 0).any() and (expected[0] < 0).any()
    ((_, npy),) = make(policy, [TILE], "--format", "npy")
    np.testing.assert_array_equal(np.load(npy.with_suffix(".npy")), expected[0])
    ((_, npz),) = make(policy, [TILE], "--format", "npz")
    found = arrays(npz.with_suffix(".npz"))
    np.testing.assert_array_equal(found["elevation"], expected[0])
    np.testing.assert_array_equal(found["uncertainty"], expected[1])
    np.testing.assert_array_equal(found["source_id"], np.nan_to_num(expected[2]).astype(np.uint32))
    assert found["source_id"].dtype == np.uint32


def test_a_geotiff_has_place_nodata_and_sources(make, policy, cache_dir):
    expected = fused(policy, TILE, cache_dir)
    ((_, tif),) = make(policy, [TILE], "--format", "tif")
    dataset = gdal.Open(str(tif.with_suffix(".tif")))
    assert dataset.GetMetadata("IMAGE_STRUCTURE")["LAYOUT"] == "COG"
    assert dataset.GetSpatialRef().GetAuthorityCode(None) == "3857"
    left, pixel, _, top, _, _ = dataset.GetGeoTransform()
    assert left == pytest.approx(TILE[1] * 256 * pixel - HALF_WORLD, abs=1e-6)
    assert top == pytest.approx(HALF_WORLD - TILE[2] * 256 * pixel, abs=1e-6)
    names = [dataset.GetRasterBand(band).GetDescription() for band in (1, 2, 3)]
    assert names == ["Elevation", "Uncertainty", "Contributor"]
    assert all(np.isnan(dataset.GetRasterBand(band).GetNoDataValue()) for band in (1, 2, 3))
    np.testing.assert_array_equal(dataset.ReadAsArray(), expected)
    rows = json.loads(dataset.GetRasterBand(3).GetMetadataItem("SOURCES"))
    assert {row["id"] for row in rows} == set(np.unique(expected[2][~np.isnan(expected[2])]).astype(int))


@pytest.mark.parametrize("encoding, quantum, base, weights", [
    ("terrarium", 1 / 256, -32768.0, (256.0, 1.0, 1 / 256)),
    ("terrain-rgb", 0.1, -10000.0, (6553.6, 25.6, 0.1)),
])
def test_terrain_decodes_to_the_elevation(make, policy, cache_dir, encoding, quantum, base, weights):
    expected = fused(policy, TILE, cache_dir)[0]
    ((_, png),) = make(policy, [TILE], "--format", encoding)
    picture = rgba(png.with_suffix(".png"))
    assert (picture[3] == 255).all()
    decoded = base + np.tensordot(weights, picture[:3].astype(float), 1)
    assert np.abs(decoded - np.nan_to_num(expected)).max() <= quantum / 2 + 1e-6


@pytest.mark.parametrize("style", STYLES)
def test_webp_is_the_same_picture_as_png(make, policy, style):
    ((_, png),) = make(policy, [TILE], "--style", style)
    ((_, webp),) = make(policy, [TILE], "--style", style, "--format", "webp")
    first, second = rgba(png.with_suffix(".png")), rgba(webp.with_suffix(".webp"))
    np.testing.assert_array_equal(first[3], second[3])
    seen = first[3] > 0
    np.testing.assert_array_equal(first[:, seen], second[:, seen])


@pytest.mark.parametrize("style", STYLES)
def test_a_large_tile_is_four_of_the_next_zoom(make, policy, style):
    z, x, y = TILE
    ((_, large),) = make(policy, [TILE], "--style", style, "--size", 512)
    children = [(z + 1, 2 * x + i, 2 * y + j) for j in (0, 1) for i in (0, 1)]
    whole = rgba(large.with_suffix(".png"))
    for k, (row, child) in enumerate(make(policy, children, "--style", style)):
        part = whole[:, k // 2 * 256:k // 2 * 256 + 256, k % 2 * 256:k % 2 * 256 + 256]
        if row["empty"]:
            assert (part == 0).all()
        else:
            np.testing.assert_array_equal(rgba(child.with_suffix(".png")), part)


def slope(path, zoom, fall):
    """A GeoTIFF in EPSG:3857 that falls `fall` metres a ground metre to the east, around 45 N."""
    pixel = 2 * HALF_WORLD / (256 * 2**zoom)
    width, height = 600, 600
    ground = pixel * np.cos(np.radians(45.0))
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), width, height, 1, gdal.GDT_Float32)
    dataset.SetGeoTransform([0, pixel, 0, 5621521.0 + 300 * pixel, 0, -pixel])
    dataset.SetProjection("EPSG:3857")
    dataset.WriteArray(np.tile(100 - fall * ground * np.arange(width), (height, 1)).astype(np.float32))


def test_relief_looks_the_same_at_every_zoom(make, tmp_path):
    slope(tmp_path / "slope.tif", 14, 0.03)
    policy = policies.write(tmp_path / "p.yaml", policies.policy(
        [policies.raster_step("slope.tif")], crs="EPSG:3857", zoom=14))
    greys = []
    for zoom in (12, 13, 14, 15, 16):
        x = 2**zoom // 2 + 2**zoom * 300 // (256 * 2**14)
        y = int((HALF_WORLD - 5621521.0) / (2 * HALF_WORLD) * 2**zoom)
        ((row, png),) = make(policy, [(zoom, x, y)], "--style", "hillshade", out=str(zoom))
        assert not row["empty"]
        picture = rgba(png.with_suffix(".png"))
        greys.append(np.median(picture[0][picture[3] > 0]))
    # The sun is in the north-west: what falls to the east lies away from it.
    gain = 8 / (1 + 3.2 * 0.03)
    expected = 255 * (np.sqrt(0.5) - 0.5 * gain * 0.03) / np.hypot(1, gain * 0.03)
    assert np.abs(np.array(greys) - expected).max() <= 2, (greys, expected)


def test_the_world_goes_on_across_the_antimeridian(make, tmp_path):
    world = gdal.GetDriverByName("GTiff").Create(str(tmp_path / "world.tif"), 720, 360, 1, gdal.GDT_Float32)
    world.SetGeoTransform([-180, 0.5, 0, 90, 0, -0.5])
    world.SetProjection("EPSG:4326")
    lon, lat = np.meshgrid(np.radians(np.arange(720) / 2 - 179.75), np.radians(89.75 - np.arange(360) / 2))
    world.WriteArray((3000 * np.sin(3 * lon) * np.cos(2 * lat) - 500).astype(np.float32))
    del world
    steps = [policies.raster_step("world.tif")]
    whole = policies.write(tmp_path / "whole.yaml", policies.policy(steps, crs="EPSG:4326", resolution=50000))
    part = policies.write(tmp_path / "part.yaml", policies.policy(
        steps, crs="EPSG:4326", resolution=5000, extent=[170, -20, -170, 20]))
    tiles = [(5, 31, 15), (5, 0, 15), (5, 16, 15)]
    rows = make(part, tiles, "--format", "npy", out="part")
    assert [row["empty"] for row, _ in rows] == [False, False, True]
    for (_, here), (_, there) in zip(rows[:2], make(whole, tiles, "--format", "npy", out="whole")):
        found, expected = np.load(here.with_suffix(".npy")), np.load(there.with_suffix(".npy"))
        seen = np.isfinite(found)
        assert seen.sum() > 50000
        assert np.abs(found - expected)[seen].max() < 0.5
    # The shade at the world's edge is made from both sides of it: the two policies meet it elsewhere.
    for (_, here), (_, there) in zip(make(part, tiles[:2], "--style", "hillshade", out="part"),
                                     make(whole, tiles[:2], "--style", "hillshade", out="whole")):
        column = -1 if "31" in here.name else 0
        difference = rgba(here.with_suffix(".png"))[:, :, column] - rgba(there.with_suffix(".png"))[:, :, column]
        assert np.abs(difference).max() <= 1


def test_meta_names_the_sources_of_the_pixels(make, policy, cache_dir):
    ((row, stem),) = make(policy, [TILE])
    meta = json.loads(stem.with_suffix(".json").read_text())
    tile = pathlib.Path(row["path"])
    companion = arrays(tile.with_name(tile.stem + "_src.npz"))
    expected = fused(policy, TILE, cache_dir)
    np.testing.assert_array_equal(companion["elevation"], expected[0])
    ids, counts = np.unique(companion["source_id"][companion["source_id"] > 0], return_counts=True)
    assert {source["id"]: source["pixels"] for source in meta["sources"]} == dict(zip(ids.tolist(), counts.tolist()))
    assert sum(source["share"] for source in meta["sources"]) == pytest.approx(1)
    assert meta["valid_pixels"] == np.isfinite(expected[0]).sum() == counts.sum()
    steps = ["global", "land", "coastal", "bluetopo", "surveys", "lidar"]
    order = [steps.index(source["step"]) for source in meta["sources"]]
    assert order == sorted(order, reverse=True)
    assert json.loads(tile.with_name(tile.stem + "_meta.json").read_text()) == meta
    assert str(places.ROOT) not in stem.with_suffix(".json").read_text(), "the machine's paths stay at home"
    # The colours are those of the picture.
    ((_, picture),) = make(policy, [TILE], "--style", "source")
    shown = rgba(picture.with_suffix(".png"))
    for source in meta["sources"]:
        here = companion["source_id"] == source["id"]
        colour = [int(source["colour"][k:k + 2], 16) for k in (1, 3, 5)]
        assert (shown[:3, here] == np.array(colour)[:, None]).all()


def test_vmin_and_vmax_move_the_colours_and_nothing_else(make, policy):
    ((first, plain),) = make(policy, [TILE], out="a")
    ((second, deep),) = make(policy, [TILE], "--vmin", -20, "--vmax", 50, out="b")
    assert first["path"] != second["path"]
    one, other = rgba(plain.with_suffix(".png")), rgba(deep.with_suffix(".png"))
    np.testing.assert_array_equal(one[3], other[3])
    assert (one[:3] != other[:3]).any()
    ((third, _),) = make(policy, [TILE], "--style", "source", out="a")
    ((fourth, _),) = make(policy, [TILE], "--style", "source", "--vmin", -20, out="b")
    assert third["path"] == fourth["path"] and fourth["cached"]


def test_a_killed_program_leaves_no_half_tile(make, policy, cache_dir, tmp_path):
    tiles = [(14, 4970 + i, 6018 + j) for j in range(4) for i in range(4)]
    make(policy, tiles)  # fills the cells
    for n in range(6):
        for file in (cache_dir / "tiles").rglob("*"):
            if file.is_file():
                file.unlink()
        names = ["/".join(map(str, tile)) for tile in tiles]
        process = subprocess.Popen([MAKE_TILES, policy, cache_dir, tmp_path / "out", *names], stdout=subprocess.PIPE)
        for _ in range(n + 1):
            process.stdout.readline()
        process.kill()
        process.wait()
        for tile in (cache_dir / "tiles").rglob("*.png"):
            assert tile.with_name(tile.stem + "_meta.json").exists()
            assert tile.with_name(tile.stem + "_src.npz").exists()
            assert gdal.Open(str(tile)).ReadAsArray() is not None
    rows = [row for row, _ in make(policy, tiles)]
    assert not any(row["incomplete"] for row in rows)
