"""`topobathy hydrate tiles`: which tiles are drawn, with which bytes, and that nothing but a tile is lost with a worker."""

import json
import math
import os
import pathlib
import shutil
import signal
import subprocess
import time

import pytest

import places
import policies

MAKE_TILES = places.BUILD / "tests" / "make_tiles"
BOX = (-70.80, 42.96, -70.70, 43.04)
STYLES = ["chart", "blues", "hillshade", "source", "contours", "classic"]


def tiles_of(box, zoom):
    """{(z, x, y)} that a box has a part of inside, by the formula of the XYZ scheme."""
    def x(lon):
        return (lon + 180) / 360 * 2**zoom

    def y(lat):
        return (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom

    west, south, east, north = box
    stretches = [(west, east)] if west < east else [(west, 180.0), (-180.0, east)]
    return {(zoom, column, row) for left, right in stretches
            for column in range(math.floor(x(left)), math.ceil(x(right)))
            for row in range(math.floor(y(north)), math.ceil(y(south)))}


def stored(root, kind="visual/chart", suffix=".png"):
    """{(z, x, y): path} of tier 1."""
    found = {}
    for path in (pathlib.Path(root) / "tiles" / kind).glob(f"*/*/*{suffix}"):
        z, x, y = path.parts[-3], path.parts[-2], path.name.split("_")[0]
        found[int(z), int(x), int(y)] = path
    return found


def contents(root):
    """{path below the root: bytes} of the tiles themselves; their companions say when they were made."""
    return {str(path.relative_to(root)): path.read_bytes() for path in pathlib.Path(root, "tiles").rglob("*.*")
            if path.suffix in (".png", ".npy", ".webp", ".tif") or (path.suffix == ".npz" and "_src" not in path.name)}


@pytest.fixture
def policy(sample_coast):
    return str(places.EXAMPLES / "sample_coast.yaml")


@pytest.fixture
def hydrate(run_tool):
    """hydrate(*arguments, status=0): the lines of --progress=json; the last is how it ended."""

    def run(*arguments, status=0, env=None):
        process = run_tool("topobathy", "hydrate", "tiles", *arguments, "--progress=json", check=False, env=env)
        assert process.returncode == status, process.stderr
        return [json.loads(line) for line in process.stdout.splitlines()]

    return run


@pytest.fixture
def plan(run_tool):
    """plan(*arguments): the answer of --dry-run."""
    return lambda *arguments: json.loads(
        run_tool("topobathy", "hydrate", "tiles", *arguments, "--dry-run", "--json").stdout)


def counters(state):
    return {name: state[f"{name}_cells"] for name in ("total", "processed", "cached", "failed")}


def refusal(run_tool, *arguments):
    process = run_tool("topobathy", "hydrate", "tiles", *arguments, check=False)
    assert process.returncode == 2
    return process.stderr.strip()


def test_a_box_is_met_exactly(hydrate, policy, cache_dir):
    *_, end = hydrate(*BOX, "-c", policy, "-z", "11-13", "-j", 2)
    wanted = set().union(*(tiles_of(BOX, zoom) for zoom in (11, 12, 13)))
    assert end["status"] == "completed" and end["zoom"] == 13
    assert counters(end) == {"total": len(wanted), "processed": len(wanted), "cached": 0, "failed": 0}
    made = set(stored(cache_dir))
    assert made <= wanted and len(made) == len(wanted) - end.get("empty_cells", 0)
    assert {zoom for zoom, _, _ in made} == {11, 12, 13}


def test_a_box_of_one_tile_is_one_tile(hydrate, policy, cache_dir):
    """Its neighbours touch the edge and are not drawn."""
    z, x, y = 13, 2485, 3011
    def lat(row):
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / 2**z))))
    box = (x / 2**z * 360 - 180, lat(y + 1), (x + 1) / 2**z * 360 - 180, lat(y))
    hydrate(*map(repr, box), "-c", policy)
    assert set(stored(cache_dir)) <= {(z, x, y)}
    assert len(stored(cache_dir)) == 1


def test_the_second_time_all_is_cached(hydrate, policy, cache_dir):
    *_, first = hydrate(*BOX, "-c", policy, "-z", 12)
    before = {path: path.stat().st_mtime_ns for path in stored(cache_dir).values()}
    *_, second = hydrate(*BOX, "-c", policy, "-z", 12)
    assert second["cached_cells"] == first["processed_cells"] - first.get("empty_cells", 0) > 0
    assert {path: path.stat().st_mtime_ns for path in stored(cache_dir).values()} == before


def test_empty_tiles_are_counted_and_have_no_file(hydrate, policy, cache_dir):
    *_, end = hydrate(-71.2, 42.96, -70.7, 43.04, "-c", policy, "-z", 12)
    assert end["status"] == "completed" and end["failed_cells"] == 0
    assert 0 < end["empty_cells"] == end["total_cells"] - len(stored(cache_dir))


def test_the_antimeridian_is_crossed(plan, hydrate, policy):
    box = (179.9, -1.0, -179.9, 1.0)
    wanted = {zoom: len(tiles_of(box, zoom)) for zoom in (8, 9)}
    answer = plan(*box, "-c", policy, "-z", "8-9")
    assert answer["tiles_by_zoom"] == {str(zoom): count for zoom, count in wanted.items()}
    *_, end = hydrate(*box, "-c", policy, "-z", "8-9")
    assert end["total_cells"] == end["empty_cells"] == sum(wanted.values())


def test_zoom_0_is_the_world_once(plan, policy):
    assert plan(*BOX, "-c", policy, "-z", "0-2")["tiles_by_zoom"] == {"0": 1, "1": 1, "2": 1}
    shards = [plan(*BOX, "-c", policy, "-z", "0-2", "--shard", f"{i}/2")["tiles"] for i in (1, 2)]
    assert sum(shards) == 3


@pytest.mark.parametrize("order", ["rows", "centre"])
def test_shards_are_disjoint_and_complete(hydrate, policy, tmp_path, order):
    found, total = [], 0
    for number in (1, 2, 3):
        root = tmp_path / f"shard{number}"
        *_, end = hydrate(*BOX, "-c", policy, "-z", "12-14", "--shard", f"{number}/3", "--priority", order,
                          "--cache-dir", root, "--style", "source")
        found.append(set(stored(root, "visual/source")))
        total += end["total_cells"]
    assert total == sum(len(tiles_of(BOX, zoom)) for zoom in (12, 13, 14))
    assert all(found) and len(set().union(*found)) == sum(map(len, found))
    hydrate(*BOX, "-c", policy, "-z", "12-14", "--style", "source", "--cache-dir", tmp_path / "whole")
    assert set().union(*found) == set(stored(tmp_path / "whole", "visual/source"))


def test_every_style_and_format_has_the_bytes_of_the_tile_maker(hydrate, policy, cache_dir, tmp_path):
    formats = "png,npy,terrarium,terrain-rgb"
    *_, end = hydrate(*BOX, "-c", policy, "-z", 12, "--style", "all", "--format", formats, "-j", 2,
                      "--vmin", -40, "--vmax", 60)
    tiles = sorted(stored(cache_dir))
    assert end["total_cells"] == len(tiles_of(BOX, 12)) * (len(STYLES) + 3)
    other, out = tmp_path / "other", tmp_path / "out"
    out.mkdir()
    for options in [["--style", style] for style in STYLES] + [["--format", name] for name in formats.split(",")[1:]]:
        subprocess.run([MAKE_TILES, policy, other, out, *("/".join(map(str, tile)) for tile in tiles), *options,
                        "--vmin=-40", "--vmax=60"], check=True, capture_output=True, timeout=300)
    expected = contents(other)
    assert len(expected) == len(tiles) * (len(STYLES) + 3)
    assert contents(cache_dir) == expected


def test_large_tiles(hydrate, policy, cache_dir):
    hydrate(*BOX, "-c", policy, "-z", 12, "--tile-size", 512)
    for path in stored(cache_dir).values():
        assert path.read_bytes()[16:24] == (512).to_bytes(4, "big") * 2


def test_the_tiles_of_a_polygon(hydrate, policy, cache_dir, tmp_path):
    """A triangle: its box has a corner tile that it does not reach."""
    corners = [[-70.80, 42.96], [-70.70, 42.96], [-70.80, 43.04], [-70.80, 42.96]]
    shape = tmp_path / "aoi.geojson"
    shape.write_text(json.dumps({"type": "Polygon", "coordinates": [corners]}), encoding="utf-8")
    *_, end = hydrate("--aoi", shape, "-c", policy, "-z", 15, "--style", "source")
    box = tiles_of(BOX, 15)
    north_east = (15, max(x for _, x, _ in box), min(y for _, _, y in box))
    south_west = (15, min(x for _, x, _ in box), max(y for _, _, y in box))
    made = set(stored(cache_dir, "visual/source"))
    assert south_west in made and north_east not in made and made < box
    assert len(box) * 0.45 < end["total_cells"] < len(box) * 0.75


def test_a_list_of_tiles_is_those_tiles(hydrate, policy, cache_dir, tmp_path):
    tiles = tmp_path / "tiles.txt"
    tiles.write_text("12/1242/1505\n\n14/4970/6022\n", encoding="utf-8")
    *_, end = hydrate("--tile-list", tiles, "-c", policy)
    assert end["total_cells"] == 2
    assert set(stored(cache_dir)) == {(12, 1242, 1505), (14, 4970, 6022)}


def test_a_list_with_a_zoom_is_an_area(plan, policy, tmp_path):
    tiles = tmp_path / "tiles.txt"
    tiles.write_text("12/1242/1505\n", encoding="utf-8")
    assert plan("--tile-list", tiles, "-c", policy, "-z", "13-14")["tiles_by_zoom"] == {"13": 4, "14": 16}


def test_a_dry_run_draws_nothing_and_knows_what_is_there(plan, hydrate, policy, cache_dir, run_tool):
    before = plan(*BOX, "-c", policy, "-z", "12-13")
    assert before["cached"] == 0 and before["to_make"] == before["tiles"] and before["bytes"] > 0
    assert not stored(cache_dir)
    hydrate(*BOX, "-c", policy, "-z", 12)
    after = plan(*BOX, "-c", policy, "-z", "12-13")
    assert after["cached"] == len(stored(cache_dir)) > 0
    text = run_tool("topobathy", "hydrate", "tiles", *BOX, "-c", policy, "-z", "12-13", "--dry-run").stdout
    assert text.startswith(f"{after['tiles']} tiles, {after['cached']} of them cached; {after['to_make']} to draw, "
                           "at most about ")
    assert f"zoom 12: {len(tiles_of(BOX, 12))} tiles\n" in text


def children(pid):
    return [int(word) for word in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def begin(policy, *arguments):
    words = [places.PROGRAM, "hydrate", "tiles", *BOX, "-c", policy, *arguments, "--progress=json"]
    return subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for_a_tile(cache_dir, process):
    deadline = time.monotonic() + 60
    while not stored(cache_dir):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.005)


def test_a_killed_worker_fails_its_tile_alone(policy, cache_dir, hydrate):
    process = begin(policy, "-z", "13-15", "-j", 2)
    wait_for_a_tile(cache_dir, process)
    os.kill(children(process.pid)[0], signal.SIGKILL)
    out, errors = process.communicate(timeout=300)
    lines = [json.loads(line) for line in out.splitlines()]
    end = lines[-1]
    assert end["status"] == "completed" and end["failed_cells"] == 1, errors
    assert end["processed_cells"] == end["total_cells"] - 1 and process.returncode == 1
    (failure,) = [line for line in lines if line["event"] == "failure"]
    assert failure["error"] == "its worker ended with signal 9 (Killed)"
    unit = failure["unit"]
    assert failure["where"] == f"tile {unit['z']}/{unit['x']}/{unit['y']} png chart"
    *_, again = hydrate(*BOX, "-c", policy, "-z", "13-15")
    assert again["failed_cells"] == 0 and again["cached_cells"] > 0


def test_an_interrupted_job_is_gone_on_with(policy, cache_dir, hydrate, run_tool, tmp_path):
    process = begin(policy, "-z", "13-15", "-j", 1)
    wait_for_a_tile(cache_dir, process)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=300)
    end = json.loads(out.splitlines()[-1])
    assert process.returncode == 130 and end["status"] == "cancelled"
    assert end["request"]["kind"] == "tiles"
    assert end["processed_cells"] < end["total_cells"]
    wrong = run_tool("topobathy", "hydrate", "fuse", "--resume", end["id"], check=False)
    assert wrong.returncode == 2
    assert wrong.stderr == (f"topobathy: job {end['id']} is one of hydrate tiles: topobathy hydrate tiles --resume "
                            f"{end['id']}\n")
    *_, resumed = hydrate("--resume", end["id"])
    assert resumed["id"] == end["id"] and resumed["status"] == "completed" and resumed["cached_cells"] > 0
    *_, whole = hydrate(*BOX, "-c", policy, "-z", "13-15", "--cache-dir", tmp_path / "whole")
    assert whole["status"] == "completed"
    assert contents(cache_dir) == contents(tmp_path / "whole")


def test_failures_end_a_job_where_they_are_too_many(write_policy, hydrate, tmp_path):
    path = shutil.copy(places.SAMPLE_COAST / "global_15s.nc", tmp_path / "g.nc")
    policy = write_policy(policies.policy([policies.raster_step(path)], extent=list(BOX), crs="EPSG:3857"))
    content = bytearray(pathlib.Path(path).read_bytes())
    content[len(content) // 4:] = bytes(len(content) - len(content) // 4)
    pathlib.Path(path).write_bytes(content)
    *_, end = hydrate(*BOX, "-c", policy, "-z", 14, "--max-failures", 2, "-j", 1, status=1)
    assert end["status"] == "failed" and end["error"] == "more than 2 failed (--max-failures)"
    assert 3 <= end["failed_cells"] < end["total_cells"]


@pytest.mark.parametrize("arguments, message", [
    ((*BOX,), "topobathy: no policy: give one with -c policy.yaml"),
    (("-c", "p.yaml"), "topobathy: no area: give west south east north, --aoi FILE or --tile-list FILE"),
    ((*BOX, "-c", "p.yaml", "-z", "16-13"),
     "topobathy: --zoom 16-13: write a zoom or a range within 0 to 22, such as 13 or 10-14"),
    ((*BOX, "-c", "p.yaml", "-z", "23"),
     "topobathy: --zoom 23: write a zoom or a range within 0 to 22, such as 13 or 10-14"),
    ((*BOX, "-c", "p.yaml", "--style", "chart,pink"), "topobathy: tile style 'pink' is not known"),
    ((*BOX, "-c", "p.yaml", "--format", "jpg"), "topobathy: tile format 'jpg' is not known"),
    ((*BOX, "-c", "p.yaml", "--tile-size", "300"), "topobathy: tile size 300: give 256 or 512"),
    ((*BOX, "-c", "p.yaml", "--vmin", "5", "--vmax", "1"), "topobathy: vmin must be below vmax"),
    ((*BOX, "-c", "p.yaml", "--shard", "3/2"),
     "topobathy: --shard 3/2: write I/N with 1 <= I <= N, such as 2/5 for the second of five"),
])
def test_refusals(run_tool, arguments, message):
    assert refusal(run_tool, *arguments).startswith(message)


def test_an_area_beyond_web_maps(run_tool, policy):
    assert refusal(run_tool, 0, 86, 1, 89, "-c", policy) == (
        "topobathy: the area has no web tile: these end at 85.05 degrees north and south")


def test_a_list_with_a_wrong_line(run_tool, policy, tmp_path):
    tiles = tmp_path / "tiles.txt"
    tiles.write_text("12/1242/1505\n12/5000/1505\n", encoding="utf-8")
    assert refusal(run_tool, "--tile-list", tiles, "-c", policy) == (
        f"{tiles}:2:1: '12/5000/1505' is no web tile: write z/x/y, as 13/2486/3002")
    assert "--priority: a list of tiles is gone through as it is" in refusal(
        run_tool, "--tile-list", tiles, "-c", policy, "--priority", "centre")


def test_a_plan_of_a_million_tiles_takes_no_memory(policy, run_tool):
    """--shard deals them out: one in 10000 is looked for on disk, all are gone through."""
    words = ["-c", "import resource, subprocess, sys\nsubprocess.run(sys.argv[1:], check=True)\n"
             "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"]

    def peak(zoom):
        process = run_tool("python3", *words, places.PROGRAM, "hydrate", "tiles", -75, 40, -65, 48, "-c", policy,
                           "-z", zoom, "--shard", "1/10000", "--dry-run")
        return int(process.stdout.split()[-1])

    assert len(tiles_of((-75, 40, -65, 48), 17)) > 10**7
    assert peak(17) < peak(10) + 20_000
