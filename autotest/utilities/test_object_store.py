"""A cache in an object store that several machines share: a real S3-compatible server, real processes."""

import collections
import concurrent.futures
import re

import pytest

import object_store
import places

POLICY = places.EXAMPLES / "sample_coast.yaml"
BOX = ["-70.79", "42.96", "-70.61", "43.09"]  # twelve cells


@pytest.fixture
def store(tmp_path, sample_coast):
    with object_store.serving(tmp_path / "store") as started:
        yield started


@pytest.fixture
def machine(store, tmp_path):
    """machine("a"): one with nothing of its own but a folder."""
    return lambda name, **environment: store.machine(tmp_path / name, **environment)


@pytest.fixture(scope="module")
def truth(tmp_path_factory, sample_coast):
    """The read of a machine whose cache is a folder."""
    folder = tmp_path_factory.mktemp("truth")
    nowhere = type("Nowhere", (), {"address": "127.0.0.1:9"})
    machine = object_store.Machine(nowhere, folder / "local", TOPOBATHY_CACHE_DIR=str(folder / "cache"))
    return machine.read(POLICY)


def counted(requests):
    """("GET", 404) -> how many, of cells."""
    return collections.Counter((line.split()[0], int(line.split()[-1])) for line in requests if ".zarr.zip" in line)


def test_a_cold_read_fills_it_and_another_machine_reads_it_warm(store, machine, truth):
    first = machine("a").read(POLICY)
    assert first.planes == truth.planes and first.told == []
    cells = store.cells()
    assert len(cells) == first.count("CELLS_FUSED") > 0
    assert counted(store.requests()) == {("GET", 404): 2 * len(cells), ("PUT", 200): len(cells)}
    second = machine("b").read(POLICY)
    assert second.planes == truth.planes and second.told == []
    assert second.count("CELLS_FUSED") == 0 and second.count("SOURCE_PIXELS_READ") == 0
    assert second.count("CELLS_FROM_CACHE") == len(cells)
    assert counted(store.requests()) == {("GET", 200): len(cells)}


@pytest.fixture
def twelve(write_policy):
    """The sample coast as twelve cells of 30 m."""
    text = POLICY.read_text(encoding="utf-8").replace("sample_coast/", f"{places.SAMPLE_COAST}/")
    text = text.replace("[-70.80, 42.96, -70.70, 43.04]", "[-70.79, 42.96, -70.61, 43.09]")
    return write_policy(text.replace("resolution: 10 ", "resolution: 30 "))


@pytest.fixture
def hydrate(twelve):
    """hydrate(machine, ...): topobathy hydrate fuse of the twelve cells; the finished process."""
    return lambda machine, *arguments, check=True: machine.topobathy(
        "hydrate", "fuse", *BOX, "-c", twelve, "-w", "1", "--progress", "json", *arguments, check=check)


def test_requests_of_twelve_cells(store, machine, twelve, hydrate):
    hydrate(machine("a"))
    assert len(store.cells()) == 12
    assert counted(store.requests()) == {("GET", 404): 24, ("PUT", 200): 12}
    hydrate(machine("b"))
    assert counted(store.requests()) == {("GET", 200): 12}
    warm = machine("c").read(twelve)
    assert warm.count("CELLS_FUSED") == 0
    assert counted(store.requests()) == {("GET", 200): 12}


def test_the_policy_is_kept_beside_its_cells_and_all_else_on_the_machine(store, machine):
    first = machine("a")
    first.read(POLICY)
    machine("b").read(POLICY)
    others = [name for name in store.objects() if not name.startswith("fused_zarr/")]
    assert others == ["policies/Samplecoast.76f951b4.yaml"]
    assert store.objects()[others[0]].read_bytes() == POLICY.read_bytes()
    (folder,) = first.folder.iterdir()
    assert len(folder.name) == 16
    assert {path.name for path in folder.iterdir()} == {"sources.sqlite", "raster", "policies", "locks"}


def test_two_machines_that_hydrate_at_once_fill_it_together(store, machine, twelve, hydrate):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        runs = list(pool.map(hydrate, [machine("a"), machine("b")]))
    assert [process.returncode for process in runs] == [0, 0]
    assert len(store.cells()) == 12
    assert machine("c").read(twelve).planes == machine("d").read(twelve, "CACHE=OFF").planes


def test_shards_of_several_machines_make_the_whole(store, machine, hydrate):
    for shard in ("1/3", "2/3", "3/3"):
        hydrate(machine(shard[0]), "--shard", shard)
    assert len(store.cells()) == 12
    assert counted(store.requests()) == {("GET", 404): 24, ("PUT", 200): 12}


@pytest.mark.parametrize("harm", ["purged", "cut", "flipped"])
def test_a_harmed_object_is_made_anew(store, machine, truth, harm):
    machine("a").read(POLICY)
    name, path = next(iter(store.cells().items()))
    content = path.read_bytes()
    if harm == "purged":
        store.purge(name)
    elif harm == "cut":
        path.write_bytes(content[:len(content) // 2])
    else:
        path.write_bytes(content[:5000] + bytes([content[5000] ^ 1]) + content[5001:])
    again = machine("b").read(POLICY)
    assert again.planes == truth.planes and again.told == []
    assert again.count("CELLS_FUSED") == 1
    assert machine("c").read(POLICY).count("CELLS_FUSED") == 0


def test_read_only_and_offline_ask_but_never_put(store, machine, truth):
    reader = machine("reader")
    cold = reader.read(POLICY, "CACHE=READ_ONLY")
    assert cold.planes == truth.planes and cold.told == []
    assert {method for method, _ in counted(store.requests())} == {"GET"}
    machine("a").read(POLICY)
    for option in ("CACHE=READ_ONLY", "OFFLINE=YES"):
        store.requests()
        warm = reader.read(POLICY, option)
        assert warm.planes == truth.planes and warm.told == []
        assert warm.count("CELLS_FUSED") == 0
        assert {method for method, _ in counted(store.requests())} == {"GET"}


def test_busy_answers_are_asked_again(store, machine, truth):
    store.fail(2)
    first = machine("a", TOPOBATHY_HTTP_ATTEMPTS="5").read(POLICY)
    assert first.planes == truth.planes and first.told == []
    cells = len(store.cells())
    assert cells == first.count("CELLS_FUSED")
    assert counted(store.requests())["PUT", 503] == 2 * cells
    store.fail(2)
    second = machine("b").read(POLICY)
    assert second.planes == truth.planes and second.told == [] and second.count("CELLS_FUSED") == 0
    assert counted(store.requests()) == {("GET", 503): 2 * cells, ("GET", 200): cells}


def cannot(what, reason):
    return (rf"^cannot {what} /vsis3/\w+/cache/fused_zarr/\w{{8}}/\w{{64}}\.zarr\.zip: {reason}; check the address and the rights "
            r"of the object store, or set TOPOBATHY_CACHE_DIR to another place$")


TROUBLES = {
    "wrong key": ({"AWS_ACCESS_KEY_ID": "somebody"}, r"The AWS Access Key Id you provided does not exist in our records\."),
    "no key": ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, ".*AWS_SECRET_ACCESS_KEY.*"),
    "no bucket": ({"TOPOBATHY_CACHE_DIR": "/vsis3/nobody/cache"}, "The specified bucket does not exist"),
    "nobody there": ({"AWS_S3_ENDPOINT": "127.0.0.1:9"}, "CURL error: [^;]*127.0.0.1 port 9.*"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_store_that_cannot_be_used_is_told_once_and_costs_only_time(machine, truth, hydrate, trouble):
    environment, reason = TROUBLES[trouble]
    environment = {"TOPOBATHY_HTTP_ATTEMPTS": "1", "AWS_EC2_METADATA_DISABLED": "true", "CPL_AWS_AUTODETECT_EC2": "NO", **environment}
    reading = machine("a", **environment).read(POLICY)
    assert reading.planes == truth.planes
    (told,) = reading.told
    assert re.search(cannot("look for", reason), told), told
    process = hydrate(machine("b", **environment), check=False)
    assert process.returncode == 1
    assert re.search(reason, process.stderr + process.stdout)


def test_a_store_that_goes_away_meanwhile(store, machine, truth):
    machine("a").read(POLICY)
    store.stop()
    reading = machine("b", TOPOBATHY_HTTP_ATTEMPTS="1").read(POLICY)
    assert reading.planes == truth.planes
    assert len(reading.told) == 1


def test_a_slow_store_is_left_alone(store, machine, truth):
    machine("a").read(POLICY)
    store.delay(10)
    slow = machine("b", TOPOBATHY_HTTP_ATTEMPTS="1", TOPOBATHY_HTTP_TIMEOUT="1").read(POLICY)
    assert slow.planes == truth.planes
    assert len(slow.told) == 1 and "timed out after" in slow.told[0]


def test_jobs_and_the_manager_name_the_folder_of_the_machine(machine, hydrate):
    here = machine("a")
    hydrate(here)
    (folder,) = here.folder.iterdir()
    assert len(list((folder / "hydration_jobs").glob("*.json"))) == 1
    assert "completed" in here.topobathy("hydrate", "jobs").stdout
    refused = here.topobathy("cache", "du", check=False)
    assert refused.returncode == 2
    assert refused.stderr == (
        "topobathy: the cache /vsis3/cells/cache is no folder of this machine; topobathy cache manages folders: use the tools of the "
        f"store for its cells, or --cache-dir {folder} for what this machine keeps beside it\n")
    assert here.topobathy("cache", "du", "--cache-dir", folder).returncode == 0


def test_a_url_is_no_folder_name(machine):
    refused = machine("a", TOPOBATHY_CACHE_DIR="s3://cells/cache").topobathy("hydrate", "jobs", check=False)
    assert refused.returncode == 2
    assert refused.stderr == "topobathy: the cache directory s3://cells/cache is a URL; write /vsis3/cells/cache\n"
