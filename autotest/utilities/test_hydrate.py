"""topobathy hydrate fuse: which cells it makes, and that they are the ones that readers use."""

import json
import re

import hydration
import numpy
import places
import policies
import pytest
import small_rasters
from fused import Fused, transformation
from hydration import DegreeLattice, cells, contents, counts, dry_run, fuse

BOX = (-70.80, 42.96, -70.70, 43.04)  # the extent of the sample coast
RESOLUTION = 5  # metres: cells of 0.025 degrees


@pytest.fixture
def coast(sample_coast):
    return ["-c", places.EXAMPLES / "sample_coast.yaml"]


@pytest.fixture
def world(tmp_path):
    """A policy over a GeoTIFF of the whole Earth, one degree a pixel, whose values tell pixels apart."""
    height = numpy.arange(180)[:, None] * 2.0 - 100 + numpy.arange(360)[None, :] / 512
    path = small_rasters.write_geotiff(tmp_path / "world.tif", height, (-180, 90), 1.0, crs="EPSG:4326")
    step = policies.raster_step(path, resampling="nearest")
    return ["-c", policies.write(tmp_path / "world.yaml", policies.policy([step], name="World", crs="EPSG:4326", resolution=86,
                                                                           extent=[-180, -90, 180, 90]))]


def write_geojson(path, rings_of, crs=None):
    """One feature a polygon; a polygon is its rings."""
    features = [{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": rings}} for rings in rings_of]
    document = {"type": "FeatureCollection", "features": features}
    if crs:
        document["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{crs}"}}
    path.write_text(json.dumps(document))
    return path


def ring(west, south, east, north):
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


# Counts


def test_cells_are_made_once_and_then_cached(coast, cache_dir):
    state, failures = fuse(*BOX, *coast, "-r", RESOLUTION)
    assert counts(state) == (16, 16, 0, 0) and state["status"] == "completed" and failures == []
    assert set(cells(cache_dir)) == DegreeLattice(RESOLUTION).cells(*BOX)
    made = contents(cache_dir)
    state, failures = fuse(*BOX, *coast, "-r", RESOLUTION)
    assert counts(state) == (16, 0, 16, 0) and failures == []
    assert contents(cache_dir) == made


def test_a_dry_run_makes_nothing_and_says_what_would_be(coast, cache_dir):
    inner = (-70.79, 42.98, -70.76, 43.01)
    plan = dry_run(*inner, *coast, "-r", RESOLUTION)
    assert (plan["cells"], plan["cached"], plan["to_make"], plan["cells_by_level"]) == (4, 0, 4, [4])
    assert plan["cache"] == str(cache_dir) and plan["format"] == 1
    assert cells(cache_dir) == {} and not (cache_dir / "hydration_jobs").exists()
    fuse(*inner, *coast, "-r", RESOLUTION)
    found = cells(cache_dir)
    assert set(found) == DegreeLattice(RESOLUTION).cells(*inner) and len(found) == 4
    real = sum(path.stat().st_size for path in found.values())
    assert real / 4 < plan["bytes"] < real * 4
    whole = dry_run(*BOX, *coast, "-r", RESOLUTION)
    assert (whole["cells"], whole["cached"], whole["to_make"]) == (16, 4, 12)
    told = hydration.run("fuse", *BOX, *coast, "-r", RESOLUTION, "--dry-run").stdout
    assert re.fullmatch(r"16 cells, 4 of them cached; 12 to make, about [0-9.]+ MiB\n", told)


def test_reading_afterwards_fuses_nothing(coast, cache_dir):
    fuse(*BOX, *coast, "-r", RESOLUTION)
    read = Fused(coast[1], RESOLUTION=RESOLUTION)
    (column, row), (right, bottom) = read.pixel(-70.7999, 43.0399), read.pixel(-70.7001, 42.9601)
    window = (column, row, right - column, bottom - row)
    elevation = read.band(1, window)
    assert read.counters()["CELLS_FUSED"] == 0 and read.counters()["CELLS_FROM_CACHE"] == 16
    numpy.testing.assert_array_equal(elevation, Fused(coast[1], RESOLUTION=RESOLUTION, CACHE="OFF").band(1, window))


def test_a_larger_box_warms_the_whole_dataset(coast, cache_dir):
    """A dataset is grown to whole pixels of its coarsest level, here by a few pixels of one more column of cells."""
    fuse(-71, 42, -70, 44, *coast, "-r", RESOLUTION, "--levels", 2)
    read = Fused(coast[1], RESOLUTION=RESOLUTION)
    assert numpy.isfinite(read.elevation).any()
    assert read.dataset.GetRasterBand(1).GetOverview(0).ReadAsArray() is not None
    assert read.counters()["CELLS_FUSED"] == 0
    assert set(cells(cache_dir)) > DegreeLattice(RESOLUTION).cells(*BOX)


def test_levels_are_overviews(coast, cache_dir):
    plan = dry_run(*BOX, *coast, "-r", RESOLUTION, "--levels", 3)
    state, _ = fuse(*BOX, *coast, "-r", RESOLUTION, "--levels", 3)
    lattice = DegreeLattice(RESOLUTION)
    assert set(cells(cache_dir)) == set().union(*(lattice.cells(*BOX, level=level) for level in range(3)))
    assert plan["cells_by_level"] == [len(lattice.cells(*BOX, level=level)) for level in range(3)]
    assert state["total_cells"] == plan["cells"]


# Areas


@pytest.mark.parametrize("box", [
    (-70.775, 42.975, -70.75, 43.0),  # exactly one cell: its neighbours are only touched
    (-70.775 - 1e-12, 42.975, -70.75 + 1e-12, 43.0 + 1e-12),  # within a millionth of a pixel
    (-70.7751, 42.975, -70.75, 43.0),  # two pixels more
    (-70.7749, 42.9751, -70.7501, 42.9999),
    (-70.76, 42.98, -70.74, 43.01),
    (-70.7500001, 42.99, -70.7499999, 42.9901),  # a sliver on a line
])
def test_a_box_takes_the_cells_it_covers_and_no_neighbour(coast, cache_dir, box):
    state, _ = fuse(*box, *coast, "-r", RESOLUTION)
    expected = DegreeLattice(RESOLUTION).cells(*box)
    assert set(cells(cache_dir)) == expected and state["total_cells"] == len(expected)


def test_a_box_beyond_the_extent_ends_with_it(coast, cache_dir):
    fuse(-71, 43.02, -70.79, 44, *coast, "-r", RESOLUTION)
    assert set(cells(cache_dir)) == DegreeLattice(RESOLUTION).cells(-70.80, 43.02, -70.79, 43.04)


def test_a_box_across_the_antimeridian(world, cache_dir):
    fuse(179.9, 10, -179.9, 10.1, *world)
    lattice = DegreeLattice(86)
    expected = lattice.cells(179.9, 10, 180, 10.1) | lattice.cells(-180, 10, -179.9, 10.1)
    assert set(cells(cache_dir)) == expected and len(expected) == 8


def test_a_box_of_twenty_degrees_across_the_antimeridian(world):
    lattice = DegreeLattice(86)
    expected = len(lattice.cells(170, 0, 180, 1)) + len(lattice.cells(-180, 0, -170, 1))
    assert dry_run(170, 0, -170, 1, *world)["cells"] == expected == 8000
    assert dry_run(-170, 0, 170, 1, *world)["cells"] == len(lattice.cells(-170, 0, 170, 1))


@pytest.mark.parametrize("south, north", [(89.95, 90), (-90, -89.9)])
def test_boxes_end_at_the_poles(world, cache_dir, south, north):
    fuse(-180, south, -179.9, north, *world)
    assert set(cells(cache_dir)) == DegreeLattice(86).cells(-180, south, -179.9, north)
    read = Fused(world[1])
    lat = south + 0.001 if south < 0 else north - 0.001
    assert read.at(-179.999, lat)[0] == (-100.0 if lat > 0 else 258.0)
    assert read.counters()["CELLS_FUSED"] == 0


def test_the_whole_world_is_planned_exactly(world):
    assert dry_run(-180, -90, 180, 90, *world, "-r", 1000)["cells"] == len(DegreeLattice(1000).cells(-180, -90, 180, 90))


def test_a_polygon_with_a_hole(coast, cache_dir, tmp_path):
    lattice = DegreeLattice(RESOLUTION)
    outer, hole = (-70.80, 42.9625, -70.70, 43.0375), (-70.775, 42.975, -70.725, 43.025)
    area = write_geojson(tmp_path / "ring.geojson", [[ring(*outer), ring(*hole)]])
    state, _ = fuse("--aoi", area, *coast, "-r", RESOLUTION)
    assert set(cells(cache_dir)) == lattice.cells(*outer) - lattice.cells(*hole)
    assert state["total_cells"] == 16 - 4 and state["bbox"] == pytest.approx(outer)


def test_polygons_that_overlap_are_one_area(coast, cache_dir, tmp_path):
    lattice = DegreeLattice(RESOLUTION)
    first, second = (-70.799, 42.965, -70.751, 43.024), (-70.774, 42.976, -70.701, 43.03)
    area = write_geojson(tmp_path / "two.geojson", [[ring(*first)], [ring(*second)]])
    state, _ = fuse("--aoi", area, *coast, "-r", RESOLUTION)
    assert set(cells(cache_dir)) == lattice.cells(*first) | lattice.cells(*second)
    assert state["total_cells"] == len(cells(cache_dir)), "no cell is planned twice"


def test_a_polygon_in_another_crs(coast, cache_dir, tmp_path):
    square = ring(356250, 4760000, 357200, 4761000)
    state, _ = fuse("--aoi", write_geojson(tmp_path / "utm.geojson", [[square]], crs=32619), *coast, "-r", RESOLUTION)
    corners = transformation("EPSG:32619", "EPSG:4326").TransformPoints(square)
    lon, lat = [corner[0] for corner in corners], [corner[1] for corner in corners]
    assert state["bbox"] == pytest.approx([min(lon), min(lat), max(lon), max(lat)], abs=1e-9)
    assert set(cells(cache_dir)) == DegreeLattice(RESOLUTION).cells(*state["bbox"])


def test_a_slanted_polygon_takes_cells_with_a_pixel_inside(coast, cache_dir, tmp_path):
    corners = [[-70.80, 42.96], [-70.70, 42.96], [-70.70, 43.04], [-70.80, 42.96]]
    fuse("--aoi", write_geojson(tmp_path / "triangle.geojson", [[corners]]), *coast, "-r", RESOLUTION)
    lattice = DegreeLattice(RESOLUTION)

    def inside(cell):
        _, column, row = cell
        # The lower right corner is the deepest inside; the diagonal rises 0.8 to the east.
        east, south = min((column + 1) * lattice.edge, -70.70), max(-(row + 1) * lattice.edge, 42.96)
        return south - 42.96 < 0.8 * (east + 70.80) - 2 * lattice.edge / lattice.pixels

    assert set(cells(cache_dir)) == {cell for cell in lattice.cells(*BOX) if inside(cell)}


def test_zoom_makes_the_cells_of_web_tiles(coast, cache_dir):
    state, _ = fuse(*BOX, *coast, "-z", 13)
    assert state["zoom"] == 13
    read = Fused(coast[1], CRS="EPSG:3857", ZOOM=13)
    assert numpy.isfinite(read.elevation).any()
    assert read.counters()["CELLS_FUSED"] == 0
    # A cell is two tiles wide: the tiles of the box are in the cells, and no cell is without one.
    tiles = {(x // 2, y // 2) for x in range(2485, 2488) for y in range(3006, 3011)}
    half = 2**12 // 2
    assert {(column + half, row + half) for _, column, row in cells(cache_dir)} <= tiles


def test_a_list_of_tiles_is_its_cells(coast, cache_dir, tmp_path):
    listed = tmp_path / "tiles.txt"
    listed.write_text("13/2485/3009\n\n14/4973/6017\n")
    fuse("--tile-list", listed, *coast, "-z", 13)
    half = 2**12 // 2
    assert {(column + half, row + half) for _, column, row in cells(cache_dir)} == {(1242, 1504), (1243, 1504)}


# Shares and order


def plan_of(arguments, tmp_path, name):
    """The cells of a run that makes them in a cache of its own."""
    root = tmp_path / name
    fuse(*arguments, "--cache-dir", root)
    return set(cells(root))


@pytest.fixture
def plain(tmp_path):
    """A policy without a source: 400 cells that cost nothing."""
    path = policies.write(tmp_path / "plain.yaml", policies.policy([], variable={"background": -5.0}, crs="EPSG:4326", resolution=86,
                                                                   extent=[0, 0, 1, 1]))
    return [0, 0, 1, 1, "-c", path]


@pytest.mark.parametrize("count", range(1, 6))
def test_shares_are_disjoint_and_together_all(plain, tmp_path, count):
    shares = [plan_of([*plain, "--shard", f"{number}/{count}"], tmp_path, f"{number}") for number in range(1, count + 1)]
    assert set().union(*shares) == DegreeLattice(86).cells(0, 0, 1, 1)
    assert sum(map(len, shares)) == 400
    assert max(map(len, shares)) - min(map(len, shares)) <= 16


def test_shares_of_centre_first_are_all_too(plain):
    plans = [dry_run(*plain, "--priority", "centre", "--shard", f"{number}/3")["cells"] for number in (1, 2, 3)]
    assert sum(plans) == 400


def test_the_centre_comes_first(plain, cache_dir):
    with hydration.Running(*plain, "--priority", "centre", "-w", 1, "--progress=none") as job:
        assert job.wait() == 0
    by_age = sorted(cells(cache_dir).items(), key=lambda item: item[1].stat().st_mtime_ns)
    distance = [max(abs(column - 9.5), abs(row + 10.5)) for (_, column, row), _ in by_age]
    assert max(distance[:9]) <= 1.5 and max(distance[:100]) <= 5.5 and distance[-1] == 9.5


def test_an_area_outside_is_said(coast):
    told = hydration.run("fuse", 0, 0, 1, 1, *coast, status=2).stderr
    assert told == "topobathy: the area lies outside the policy's extent: nobody would read its cells\n"
