"""The web pages, driven in a real Chromium: the main paths against the recorded service and, where the program serves, against it; faults
against the recorded service, which makes them by order. The tests themselves are the modules of pages/."""

import shutil
import subprocess

import pytest

import pages_browser
import pages_server
import places

MAIN = ("map.main.mjs", "hydrate.main.mjs", "terrain.main.mjs", "cache.main.mjs")
FAULTS = ("faults.mjs",)


def listed(*files):
    return [name for file in files for name in pages_browser.names(file)]


@pytest.fixture(scope="session")
def built_pages():
    pages_browser.build_pages()


@pytest.fixture(scope="session")
def recorded(built_pages, sample_coast, tmp_path_factory):
    """Results against the recorded service, main paths first."""
    with pages_server.serving(tmp_path_factory.mktemp("pages")) as url:
        return pages_browser.run(url, [*MAIN, *FAULTS])


@pytest.fixture(scope="session")
def real(built_pages, sample_coast, tmp_path_factory):
    with pages_browser.real_service(tmp_path_factory.mktemp("served")) as url:
        return pages_browser.run(url, MAIN)


def test_without_npm_the_pages_are_built_alone(tmp_path):
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("bash", "cmp", "cp", "dirname", "mkdir", "rm"):
        (tools / name).symlink_to(shutil.which(name))
    process = subprocess.run([str(places.ROOT / "utils" / "pages" / "build.sh"), str(tmp_path / "share" / "pages")], env={"PATH": str(tools)},
                             capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr
    assert "npm is not installed: the pages are built without their map" in process.stderr
    assert (tmp_path / "share" / "pages" / "index.html").exists()
    assert not (tmp_path / "share" / "pages" / "vendor").exists()


def succeeded(results, name):
    assert name in results, f"did not run: {results.get('', 'the browser ended')}"
    assert results[name] is None, results[name]


@pytest.mark.parametrize("name", listed(*MAIN, *FAULTS))
def test_recorded(recorded, name):
    succeeded(recorded, name)


if pages_browser.has_service():
    @pytest.mark.parametrize("name", listed(*MAIN))
    def test_real(real, name):
        succeeded(real, name)
