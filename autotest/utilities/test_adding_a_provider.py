"""docs/adding-a-provider.md shows the code that is built."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "adding-a-provider.md").read_text()


def shown_code():
    """Each C++ block with the file that was named last before it."""
    blocks, name = [], None
    for part in re.split(r"(```cpp\n.*?\n```)", PAGE, flags=re.DOTALL):
        if part.startswith("```cpp"):
            blocks.append((name, part.removeprefix("```cpp\n").removesuffix("\n```")))
        else:
            names = re.findall(r"`((?:fusion|providers|autotest)/[\w/.]+\.(?:h|cpp))`", part)
            name = names[-1] if names else name
    return blocks


def test_the_page_shows_all_steps_that_are_code():
    assert [name for name, _ in shown_code()] == [
        "fusion/policy/provider_table.cpp",
        "providers/etopo_2022/etopo_archive.h",
        "providers/etopo_2022/etopo_archive.cpp",
        "providers/archive/make_archive.cpp",
        "providers/archive/make_archive.cpp",
        "autotest/cpp/archives/etopo_archive_test.cpp",
    ]


@pytest.mark.parametrize("name, code", shown_code())
def test_the_page_shows_what_is_built(name, code):
    assert code in (ROOT / name).read_text()


def test_links_of_the_page_lead_somewhere():
    for target in re.findall(r"\]\(([^)#:]+)\)", PAGE):
        assert (ROOT / "docs" / target).exists(), target
