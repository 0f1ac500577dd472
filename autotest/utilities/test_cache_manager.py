"""`topobathy cache` on a real cache: what it says, what it takes away, and that nothing else is touched."""

import hashlib
import json
import os
import shutil
import threading
import time

import pytest
from osgeo import gdal

import places

POLICY = places.ROOT / "docs" / "examples" / "sample_coast.yaml"
WEST = "-70.8,42.95,-70.76,43.0"  # touches one cell of level 0
DAY = 86400


@pytest.fixture(scope="module")
def filled(tmp_path_factory, sample_coast):
    """A cache that reading the sample coast has filled, with files of the other tiers added; not to be changed."""
    root = tmp_path_factory.mktemp("filled") / "cache"
    before = os.environ.get("TOPOBATHY_CACHE_DIR")
    os.environ["TOPOBATHY_CACHE_DIR"] = str(root)
    try:
        dataset = gdal.Open(str(POLICY))
        dataset.GetRasterBand(1).ReadAsArray()
        dataset.GetRasterBand(1).GetOverview(0).ReadAsArray()
        dataset = None
    finally:
        if before is not None:
            os.environ["TOPOBATHY_CACHE_DIR"] = before
    cells = sorted((root / "fused_zarr").rglob("*.zarr.zip"))
    for provider in ("ncei_bag", "usgs_3dep"):
        (root / provider / "zarr").mkdir(parents=True)
        shutil.copy(cells[0], root / provider / "zarr" / cells[0].name)
    for path, text in {
            "tiles/visual/hillshade/13/2485/3011_0a1b2c3d.png": "picture",
            "tiles/visual/hillshade/13/2485/3011_0a1b2c3d_meta.json": "{}",
            "tiles/visual/hillshade/13/2485/3011_0a1b2c3d_src.npz": "numbers",
            "tiles/data/13/0/0_0a1b2c3d.npy": "numbers",
            "noaa_bluetopo/sidecars/a.tiff.aux.xml": "<a/>",
            "ncei_bag/raw/H1.bag": "survey",
            "usgs_lidar/raw/a.copc.laz": "points",
            "hydration_jobs/1.json": "{}",
            "notes.txt": "of a user",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


@pytest.fixture
def cache(filled, cache_dir):
    shutil.copytree(filled, cache_dir)
    return cache_dir


@pytest.fixture
def run(run_tool):
    """topobathy cache; the finished process, whose exit status must be `status`."""

    def start(*arguments, status=0):
        process = run_tool("topobathy", "cache", *arguments, check=False, cwd=places.ROOT)
        assert process.returncode == status, process.stdout + process.stderr
        return process

    return start


@pytest.fixture
def answer(run):
    """The JSON answer."""
    return lambda *arguments, status=0: json.loads(run(*arguments, "--json", status=status).stdout)


def files(root):
    """Relative path -> SHA-256, but for locks, which readers make and remove."""
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in root.rglob("*") if path.is_file() and path.suffix != ".lock"}


def in_tier(path, tier):
    parts = path.split("/")
    return {1: parts[0] == "tiles", 2: parts[0] == "fused_zarr", 3: "zarr" in parts,
            4: "sidecars" in parts, 5: parts[0] not in ("tiles",) and "raw" in parts}[tier]


def age(path, seconds):
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_without_a_terminal_the_table_and_a_hint(run, cache):
    lines = run().stdout.splitlines()
    assert lines[0].startswith(f"{cache}: ")
    assert lines[1].split() == ["#", "tier", "size", "items"]
    assert lines[2].split()[-2:] == ["2", "*"]
    assert lines[6].endswith("* ! downloaded again for hours")
    assert "--help" in lines[-1]


def test_du_and_the_table_agree_with_the_disk(answer, cache):
    for told in (answer(), answer("du")):
        assert told["files"] == len(files(cache))
        assert told["bytes"] == sum((cache / path).stat().st_size for path in files(cache))
        for row in told["tiers"]:
            mine = [path for path in files(cache) if in_tier(path, row["tier"])]
            assert row["files"] == len(mine)
            assert row["bytes"] == sum((cache / path).stat().st_size for path in mine)
        assert [row["items"] for row in told["tiers"]] == [2, 10, 2, 1, 2]


def test_an_empty_cache_is_no_error(run, cache_dir):
    assert "0 files" in run("du").stdout
    assert run("--purge", "all", "--yes").returncode == 0
    assert run("--limit", "1GB").stdout == ""
    assert not cache_dir.exists()


def test_status_names_policies_levels_and_places(answer, run, cache):
    tiers = {row["tier"]: row for row in answer("--status")["tiers"]}
    (policy,) = tiers[2]["groups"]
    assert policy["name"] == "Samplecoast"
    assert policy["items"] == 10
    assert [level["level"] for level in policy["levels"]] == [0, 1]
    west, south, east, north = policy["levels"][0]["lonlat"]
    assert west == pytest.approx(-70.8) and north == pytest.approx(43.05)
    assert east == pytest.approx(-70.65) and south == pytest.approx(42.95)
    assert [row["provider"] for row in tiers[3]["groups"]] == ["ncei_bag", "usgs_3dep"]
    assert tiers[1]["groups"][1]["style"] == "visual/hillshade"
    assert tiers[4]["groups"][0]["path"] == "noaa_bluetopo/sidecars/"
    assert [row["provider"] for row in tiers[5]["groups"]] == ["ncei_bag", "usgs_lidar"]
    text = run("--status").stdout
    assert "76f951b4 Samplecoast" in text and "lon -70.80 to" in text


def test_info_tells_all_tiers(answer, run):
    assert [tier["tier"] for tier in answer("--info")["tiers"]] == [1, 2, 3, 4, 5]
    text = run("--info").stdout
    assert "fused_zarr/<policy8>/" in text and "downloaded again" in text


@pytest.mark.parametrize("tier", [1, 2, 3, 4, 5])
def test_purging_a_tier_never_touches_another(run, answer, cache, tier):
    before = files(cache)
    text = run("--purge", tier, "--yes").stdout
    assert text.startswith(f"tier {tier}, ") and ": removed " in text
    assert files(cache) == {path: digest for path, digest in before.items() if not in_tier(path, tier)}
    assert answer()["tiers"][tier - 1]["items"] == 0


def test_purging_all_leaves_what_is_in_no_tier(run, cache):
    run("--purge", "all", "--yes")
    left = set(files(cache))
    assert left == {"sources.sqlite", "raster/headers.sqlite", "policies/Samplecoast.76f951b4.yaml",
                    "hydration_jobs/1.json", "notes.txt"}


def test_a_dry_run_lists_paths_and_deletes_nothing(run, answer, cache):
    before = files(cache)
    lines = run("--purge", "2", "--dry-run").stdout.splitlines()
    assert set(lines[:10]) == {path for path in before if in_tier(path, 2)}
    assert lines[10].startswith("tier 2, fused cells: would remove 10 items")
    told = answer("--purge", "2", "--dry-run")
    assert told["dry_run"] and told["tiers"][0]["items"] == 10
    assert files(cache) == before


def test_without_yes_and_terminal_nothing_is_deleted(run, cache):
    before = files(cache)
    message = run("--purge", "1", status=2).stderr
    assert message == ("topobathy: --purge asks before it deletes, and there is no terminal to ask on; give --yes, or "
                       "--dry-run to see what would go (nothing was deleted)\n")
    assert files(cache) == before


def purged(answer, *arguments):
    return sum(row["items"] for row in answer("--purge", *arguments, "--dry-run")["tiers"])


def test_a_purge_can_be_narrowed(answer, cache):
    assert purged(answer, "2", "--level", "1") == 4
    assert purged(answer, "2", "--resolution", "10") == 6
    assert purged(answer, "2", "--resolution", "20") == 4
    assert purged(answer, "2", "--resolution", "30") == 0
    assert purged(answer, "2", "--bbox", WEST, "--level", "0") == 1
    assert purged(answer, "2", "--bbox", "170,-10,-170,10") == 0
    assert purged(answer, "2", "--policy", POLICY) == 10
    assert purged(answer, "2", "--policy", "76f951b4") == 10
    assert purged(answer, "2", "--policy", "Sample coast", "--level", "0") == 6
    assert purged(answer, "2", "--policy", "00000000") == 0
    assert purged(answer, "3", "5", "--provider", "ncei_bag") == 2
    assert purged(answer, "1", "--bbox", "-70.8,42.9,-70.7,43.1") == 1
    for path in (cache / "fused_zarr").rglob("*.zip"):
        age(path, 40 * DAY)
    assert purged(answer, "1", "2", "--older-than", "30d") == 10
    assert purged(answer, "2", "--older-than", "41d") == 0


def test_narrowed_purges_take_exactly_that(run, cache):
    before = files(cache)
    run("--purge", "3", "5", "--provider", "ncei_bag", "--yes")
    gone = set(before) - set(files(cache))
    assert {path.split("/")[0] for path in gone} == {"ncei_bag"} and len(gone) == 2


REFUSED = {
    "--purge 6 --yes": "topobathy: --purge 6: is no tier; tiers are 1, 2, 3, 4, 5 and all (topobathy cache --info says what "
                       "they hold)",
    "--purge 1 --policy 76f951b4 --yes": "topobathy: --policy means nothing for tier 1 (output tiles); it narrows tier 2",
    "--purge 4 --bbox 0,0,1,1 --yes": "topobathy: --bbox means nothing for tier 4 (discovery caches); it narrows tiers 1, 2 "
                                      "and 3",
    "--purge all --provider ncei_bag --yes": "topobathy: --provider means nothing for tier 1 (output tiles); it narrows tiers "
                                             "3, 4 and 5",
    "--purge 3 --provider ncei_bags --yes": "topobathy: --provider ncei_bags: there is no such provider; did you mean "
                                            "ncei_bag?",
    "--purge 2 --policy SampleCost --yes": "topobathy: --policy SampleCost: is no file, no hash of 8 digits or more, and no "
                                           "name of a policy in the cache; did you mean Samplecoast?",
    "--purge 2 --bbox 0,1,1,0 --yes": "topobathy: --bbox 0,1,1,0: write west,south,east,north in degrees, south below north; "
                                      "west may be beyond east across the antimeridian",
    "--purge 2 --older-than 3x --yes": "topobathy: --older-than 3x: is no age; write a number and s, m, h, d or w, as in 30d",
    "--limit much": "topobathy: --limit much: is no size; write a number and KB, MB, GB or TB (powers of 1000), or KiB, MiB, "
                    "GiB or TiB (of 1024)",
    "--limit 1GB --tiers 9": "topobathy: --tiers 9: is no tier; tiers are 1, 2, 3, 4, 5 and all (topobathy cache --info says "
                             "what they hold)",
    "--status --info": "topobathy: --status and --info exclude each other; give one",
    "--yes": "topobathy: --yes works with --purge only",
    "disk": "topobathy: topobathy cache: there is no 'disk'; give du, or an option: topobathy cache --help",
}


@pytest.mark.parametrize("words", REFUSED)
def test_a_wrong_command_line_says_what_is_right_and_deletes_nothing(run, cache, words):
    before = files(cache)
    assert run(*words.split(), status=2).stderr == REFUSED[words] + "\n"
    assert files(cache) == before


def test_a_limit_takes_the_least_recently_used(run, answer, cache):
    cells = sorted((cache / "fused_zarr").rglob("*.zip"))
    for number, cell in enumerate(cells):
        age(cell, (number + 1) * 3600)
    for path in (cache / "tiles").rglob("*.*"):
        path.unlink()
    sizes = [cell.stat().st_size for cell in cells]
    limit = answer()["bytes"] - sizes[-1] - 1  # the two oldest have to go
    planned = answer("--limit", limit, "--dry-run")
    assert planned["tiers"] == [{"tier": 2, "items": 2, "bytes": sizes[-1] + sizes[-2]}]
    text = run("--limit", limit).stdout
    assert text.startswith(f"{cache}: removed 2 items of tier 2 (") and text.count("\n") == 1
    assert sorted((cache / "fused_zarr").rglob("*.zip")) == cells[:-2]
    assert run("--limit", limit).stdout == ""


def test_a_limit_that_cannot_be_kept_says_so_and_deletes_nothing(run, cache):
    (cache / "ncei_bag" / "raw" / "large.bag").write_bytes(b"x" * 3_000_000)
    before = files(cache)
    assert "cannot be kept to 1.9 MiB: what is not of tier 1,2,3 takes " in run("--limit", "2MB", status=1).stderr
    assert files(cache) == before
    run("--limit", "2MB", "--tiers", "1,2,3,5")
    assert not (cache / "ncei_bag" / "raw" / "large.bag").exists()


def test_what_is_read_again_is_spared(run, cache):
    cells = sorted((cache / "fused_zarr").rglob("*.zip"))
    for cell in cells:
        age(cell, 2 * DAY)
    dataset = gdal.Open(str(POLICY))
    dataset.GetRasterBand(1).ReadAsArray(0, 0, 10, 10)  # one cell, from the disk
    run("--purge", "2", "--older-than", "1d", "--yes")
    assert len(list((cache / "fused_zarr").rglob("*.zip"))) == 1


READ_AGAIN = """
import sys
from osgeo import gdal
gdal.UseExceptions()
for _ in range(30):
    dataset = gdal.OpenEx(sys.argv[1], open_options=["RESOLUTION=40"])
    print(dataset.GetRasterBand(1).Checksum(), flush=True)
    dataset = None
"""


def test_readers_meet_whole_cells_or_none_while_the_cache_is_purged(run, run_tool, cache):
    done = threading.Event()

    def purge():
        while not done.is_set():
            run("--purge", "1", "2", "--yes")

    purger = threading.Thread(target=purge)
    purger.start()
    try:
        readers = [run_tool("/usr/bin/python3", "-c", READ_AGAIN, POLICY, check=False) for _ in range(2)]
    finally:
        done.set()
        purger.join()
    for reader in readers:
        assert reader.returncode == 0, reader.stderr
        assert reader.stderr == ""
        assert len(set(reader.stdout.split())) == 1
