"""`topobathy hydrate tiles --url`: tiles are asked for, and what the server does not give is told."""

import signal

import pytest

from hydration_by_server import begin, BOX, few_tries, hydrate, server, states, wait_until  # noqa: F401


def test_tiles_are_asked_for(hydrate, server):
    process = hydrate("tiles", *BOX, "-z", "12-13", "-j", 3)
    total = len(server.asked_tiles)
    assert process.stdout.startswith(f"{total}/{total} OK, mean 0.0")
    assert process.stdout.endswith(" s a tile\n")
    assert set(server.asked_tiles.values()) == {1} and {z for z, _, _ in server.asked_tiles} == {12, 13}
    assert 1 < server.most_at_once <= 3
    assert process.stderr.endswith(f"completed: {total} of {total} tiles: {total} made, 0 cached, 0 failed\n")


@pytest.mark.parametrize("options, path", [
    ([], ".png"),
    (["--style", "hillshade", "--tile-size", 512], ".png?style=hillshade&tile_size=512"),
    (["--vmin", -40.5, "--vmax", 60], ".png?vmin=-40.5&vmax=60"),
    (["--format", "npy"], ".npy"),
    (["--format", "terrarium"], ".png?format=terrarium"),
])
def test_the_address_of_a_tile(hydrate, server, tmp_path, options, path):
    tiles = tmp_path / "tiles.txt"
    tiles.write_text("12/1242/1505\n", encoding="utf-8")
    hydrate("tiles", "--tile-list", tiles, *options)
    assert [asked[1] for asked in server.requests] == ["/tiles/12/1242/1505" + path]


def test_empty_tiles_are_fine_and_what_passes_is_tried_again(hydrate, server):
    def tile(_z, x, _y, count):
        if x % 2:
            return 204, b""
        return (503, b"", {"Retry-After": "1"}) if count == 1 else (200, b"x")

    server.script.tile = tile
    end = states(hydrate("tiles", *BOX, "-z", 12, "--progress=json"))
    total = len(server.asked_tiles)
    assert end[-1]["ok"] == end[-1]["total"] == total and end[-1]["event"] == "tiles"
    assert end[-2]["empty_cells"] == sum(1 for _, x, _ in server.asked_tiles if x % 2)
    assert {x % 2: count for (_, x, _), count in server.asked_tiles.items()} == {0: 2, 1: 1}


def test_tiles_that_fail_are_named(hydrate, server):
    server.script.tile = lambda z, x, y, count: (500 if y % 2 else 200, {"detail": "no source"})
    process = hydrate("tiles", *BOX, "-z", 13, status=1)
    failed = sum(1 for _, _, y in server.asked_tiles if y % 2)
    total = len(server.asked_tiles)
    assert process.stdout.startswith(f"{total - failed}/{total} OK")
    assert process.stderr.count(" png chart: HTTP 500: no source\n") == failed > 0
    assert {count for (_, _, y), count in server.asked_tiles.items() if y % 2} == {3}


def test_too_many_failed_tiles(hydrate, server):
    server.script.tile = lambda z, x, y, count: (404, {"detail": "no"})
    process = hydrate("tiles", *BOX, "-z", 15, "--max-failures", 5, "-j", 2, status=1)
    assert "failed: " in process.stderr and "(more than 5 failed (--max-failures))" in process.stderr
    assert len(server.asked_tiles) <= 8


def test_a_tile_server_that_dies(server):
    process = begin("tiles", *BOX, "-z", "16", "--url", server.url, "-j", 2)
    wait_until(lambda: len(server.asked_tiles) > 10)
    server.stop()
    out, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert f"(no answer from {server.url}: " in errors
    ok, total = out.split()[0].split("/")
    assert 0 < int(ok) < int(total)


def test_an_interrupt_of_tiles(server):
    process = begin("tiles", *BOX, "-z", "17", "--url", server.url, "-j", 2)
    wait_until(lambda: len(server.asked_tiles) > 10)
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=30)
    assert process.returncode == 130 and "cancelled: " in errors
    assert int(out.split("/")[0]) == len(server.asked_tiles)
