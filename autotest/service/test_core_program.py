"""`topobathy serve` as a user starts it: options, environment, settings, documents, pages."""

import json
import os
import re

import pytest

import places

COAST = places.EXAMPLES / "sample_coast.yaml"


@pytest.fixture
def refusal(run_tool):
    """refusal(...): what topobathy serve says when it does not start, and its exit status."""

    def ask(*arguments, env=None):
        process = run_tool("topobathy", "serve", *arguments, check=False, env=env)
        assert process.stdout == ""
        return process.returncode, process.stderr.strip()

    return ask


@pytest.mark.parametrize("arguments, status, message", [
    (["--prot", "1"], 2, "topobathy serve: unknown option --prot; did you mean --port?"),
    (["--limit", "body_byte=2000"], 2, "topobathy: --limit body_byte: no such limit; did you mean body_bytes?"),
    (["--limit", "body_bytes=1"], 2, "topobathy: --limit body_bytes=1: give a whole number from 1024 to 1073741824"),
    (["--limit", "body_bytes=2e3"], 2, "topobathy: --limit body_bytes=2e3: give a whole number from 1024 to 1073741824"),
    (["--limit", "jobs"], 2, "topobathy: --limit jobs: write NAME=NUMBER"),
    (["--client-provider", "noaa_bluetop"], 2,
     "topobathy: --client-provider noaa_bluetop: no such provider; did you mean noaa_bluetopo?"),
    (["--client-provider", "raster"], 2,
     "topobathy: --client-provider raster: it reads files of this machine, which clients may not name"),
    (["--origin", "maps.example.org"], 2,
     "topobathy: --origin maps.example.org: give scheme and host, such as https://maps.example.org"),
    (["--policy-dir", "/nowhere/at/all"], 2, "topobathy: --policy-dir /nowhere/at/all: there is no such folder"),
    (["--token-file", "/nowhere/at/all"], 1, "topobathy: the token file '/nowhere/at/all' cannot be read"),
])
def test_what_is_wrong_is_told_before_it_starts(refusal, arguments, status, message):
    assert refusal(*arguments) == (status, message)


@pytest.mark.parametrize("arguments", [["--port", "65536"], ["--port", "http"], ["--workers", "0"], ["--debug", "2"]])
def test_numbers_have_their_range(refusal, arguments):
    status, message = refusal(*arguments)
    assert status == 2 and arguments[0] in message


def test_environment_is_checked_too(refusal):
    status, message = refusal(env={"TOPOBATHY_TILE_TIMEOUT": "soon"})
    assert status == 2 and message.startswith("topobathy: TOPOBATHY_TILE_TIMEOUT: ")


def test_a_wrong_policy_ends_it(refusal, write_policy):
    path = write_policy({"name": "x", "variables": [{"name": "elevation", "stepps": []}]})
    status, message = refusal("--policy", path)
    assert status == 3 and message.startswith(path + ":") and "stepps" in message


def test_a_taken_port_ends_it(refusal, serve):
    running = serve("--workers", 1)
    status, message = refusal("--port", running.port)
    assert status == 1 and "choose another --port" in message.splitlines()[-1]


def test_settings_in_effect_are_printed(run_tool, cache_dir):
    def settings(*arguments, **env):
        return json.loads(run_tool("topobathy", "serve", "--print-config", *arguments, env=env).stdout)

    plain = settings()
    assert (plain["host"], plain["port"], plain["workers"], plain["policy"]) == ("127.0.0.1", 9595, 4, None)
    assert plain["cache_dir"] == str(cache_dir) and "raster" not in plain["client_providers"]
    assert plain["token"] is False and plain["limits"]["heavy_at_once"] == 3
    env = {"TOPOBATHY_POLICY": str(COAST), "TOPOBATHY_PORT": "1234", "TOPOBATHY_MAX_CONCURRENT_TILES": "7"}
    assert settings(**env)["policy"] == str(COAST)
    assert settings(**env)["limits"]["heavy_at_once"] == 7
    assert settings("--port", 5, "--limit", "heavy_at_once=2", **env)["port"] == 5
    assert settings("--limit", "heavy_at_once=2", **env)["limits"]["heavy_at_once"] == 2


def test_the_page_has_the_limits(run_tool):
    limits = json.loads(run_tool("topobathy", "serve", "--print-config").stdout)["limits"]
    page = (places.ROOT / "docs" / "service" / "core.md").read_text(encoding="utf-8")
    documented = {name: int(value) for name, value in re.findall(r"^\| `(\w+)` \| (\d+) \|", page, re.MULTILINE)}
    assert documented == limits


def test_health_and_the_document(serve, sample_coast):
    running = serve("--workers", 2, "--policy", COAST)
    health = running.get("/health").json()
    assert health["status"] == "ok" and health["service"] == "topobathy" and health["workers"] == 2
    answer = running.get("/openapi.json")
    document = answer.json()
    assert document["openapi"].startswith("3.0.") and document["info"]["version"] == health["version"]
    assert running.get("/openapi.json", If_None_Match=answer.headers["etag"]).status == 304


def test_every_route_is_in_the_document_and_every_path_in_it_is_a_route(serve, sample_coast):
    running = serve("--workers", 1, "--policy", COAST)
    paths = running.get("/openapi.json").json()["paths"]
    assert "/health" in paths
    for path, operations in paths.items():
        concrete = re.sub(r"\{[^}]*\}", "1", path)
        # A method that no route has is refused with the list of those that there are.
        answer = running.ask("PUT", concrete)
        allowed = set(answer.headers["allow"].lower().split(", ")) - {"head"}
        assert answer.status == 405 and set(operations) <= allowed, path
        for operation in operations.values():
            names = [parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "path"]
            assert names == re.findall(r"\{([^}]*)\}", path)
            assert operation["summary"]


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "pages"
    (folder / "lib").mkdir(parents=True)
    (folder / ".hidden").write_text("hidden")
    (folder / "index.html").write_text("<!doctype html><title>First</title>")
    (folder / "lib" / "map.js").write_text("let a;")
    (folder / "favicon.ico").write_bytes(b"icon")
    (tmp_path / "outside.html").write_text("outside")
    os.symlink(tmp_path / "outside.html", folder / "link.html")
    return folder


def test_pages(serve, pages):
    running = serve("--workers", 1, env={"TOPOBATHY_PAGES": str(pages)})
    assert running.get("/").headers["location"] == "/viewer/"
    assert running.get("/viewer").headers["location"] == "/viewer/"
    answer = running.get("/viewer/")
    assert answer.body == (pages / "index.html").read_bytes()
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert running.get("/viewer/lib/map.js").headers["content-type"].startswith("text/javascript")
    assert running.get("/viewer/", If_None_Match=answer.headers["etag"]).status == 304
    (pages / "index.html").write_text("<!doctype html><title>Second</title>")
    assert running.get("/viewer/", If_None_Match=answer.headers["etag"]).status == 200
    assert running.get("/favicon.ico").body == b"icon"
    assert running.get("/viewer/lib").status == 307


@pytest.mark.parametrize("place", ["../outside.html", "%2e%2e/outside.html", "..%2foutside.html", "lib/../../outside.html",
                                   "link.html", ".hidden", "%2fetc/passwd", "//etc/passwd", "lib/", "..%5coutside.html",
                                   "lib/%00", "nothing.html", "index.html/"])
def test_nothing_but_the_pages_is_there(serve, pages, place):
    running = serve("--workers", 1, env={"TOPOBATHY_PAGES": str(pages)})
    answer = running.get("/viewer/" + place)
    assert answer.status in (400, 404) and b"outside" not in answer.body and str(pages) not in answer.body.decode()

