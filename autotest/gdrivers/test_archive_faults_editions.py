"""A file that its archive replaces while it is read, or between two reads: pixels are of the one edition or of the other,
never of both, and what is kept is kept under the right name."""

import dataclasses

import pytest

import fault_files

OLD, NEW = 100.0, 300.0
LAYOUT = ("BLOCKXSIZE=256", "BLOCKYSIZE=256")  # blocks as they are: nothing in them can tell


@pytest.fixture(scope="module")
def bodies():
    return {height: fault_files.tile(height, *LAYOUT) for height in (OLD, NEW)}


def publish(archive, bodies, height):
    archive.put(fault_files.URL, bodies[height], etag=f'"edition-{height:.0f}"')


@pytest.fixture
def reader(archive, mother, tmp_path):
    """reader(name): a new process; equal names share a cache."""
    return lambda name: mother.reader(TOPOBATHY_CACHE_DIR=str(tmp_path / name), TOPOBATHY_ENDPOINTS=archive.endpoints,
                                      TOPOBATHY_HTTP_ATTEMPTS="1")


@pytest.fixture
def truths(archive, bodies, reader, tmp_path):
    """What an undisturbed read of each edition gives."""
    policy, found = fault_files.NORTH.policy(tmp_path / "policy.yaml"), {}
    for height in (OLD, NEW):
        publish(archive, bodies, height)
        with reader(f"truth-{height}") as undisturbed:
            found[height] = undisturbed.read(policy)
        assert found[height].valid == 1.0, found[height].error
    return found


def replace_at(archive, bodies, number):
    """From the n-th request for the file on its new edition is there."""

    def replaced(request, _):
        publish(archive, bodies, NEW)
        return archive.answer(request)

    return archive.faults.add("USGS_13_n43w071", nth=number, kind="call", function=replaced)


def test_a_file_replaced_while_it_is_read_is_never_read_as_two(archive, bodies, reader, truths, tmp_path):
    policy = fault_files.NORTH.policy(tmp_path / "policy.yaml")
    outcomes = []
    for number in range(1, 40):
        archive.reset()
        publish(archive, bodies, OLD)
        fault = replace_at(archive, bodies, number)
        with reader(f"cache-{number}") as process:
            first, again = process.read(policy), process.read(policy)
        with reader(f"cache-{number}") as process:
            fresh = process.read(policy)
        if not fault.hit:
            break
        is_old, is_new = first.same_as(truths[OLD]), first.same_as(truths[NEW])
        outcomes.append("error" if first.error else "old" if is_old else "new" if is_new else "mixed")
        assert is_old or is_new or "USGS_13_n43w071.tif" in first.error, (number, first.difference(truths[NEW]))
        # What was read whole may be kept under its edition's name; after an error there is only the new one.
        for name, later in (("again", again), ("fresh", fresh)):
            assert later.same_as(truths[NEW]) or (is_old and later.same_as(truths[OLD])), (number, name, later.difference(truths[NEW]))
    assert {"error", "new"} <= set(outcomes), outcomes


def test_a_file_replaced_between_two_reads_of_one_process_is_read_anew(archive, bodies, reader, truths, tmp_path):
    publish(archive, bodies, OLD)
    policy = fault_files.NORTH.policy(tmp_path / "policy.yaml")
    with reader("first") as process:
        assert process.read(policy).same_as(truths[OLD])
        publish(archive, bodies, NEW)
        # Another cache knows nothing; what the process still has in memory is of the old edition.
        found = process.read(policy, environment={"TOPOBATHY_CACHE_DIR": str(tmp_path / "second")})
    assert found.same_as(truths[NEW]), found.difference(truths[NEW])


def test_cells_are_not_kept_under_the_name_of_an_edition_they_are_not_of(archive, bodies, reader, truths, tmp_path):
    publish(archive, bodies, OLD)
    north = fault_files.NORTH.policy(tmp_path / "north.yaml")
    with reader("shared") as process:
        process.read(north)
    publish(archive, bodies, NEW)
    # In another cell.
    beside = dataclasses.replace(fault_files.NORTH, extent=(-70.503, 42.49, -70.501, 42.495)).policy(tmp_path / "beside.yaml")
    with reader("shared") as process:
        # The edition of the tile was looked up a moment ago and is believed for a month: the file itself says otherwise.
        assert process.read(beside).error == ""
        found = process.read(north)
    assert found.same_as(truths[NEW]), found.difference(truths[NEW])

