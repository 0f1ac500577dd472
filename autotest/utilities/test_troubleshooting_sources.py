"""Every heading of docs/troubleshooting-sources.md and of the messages in docs/vertical-datums.md is a message that the code can give."""

import re

import pytest

import places

PAGE = places.ROOT / "docs" / "troubleshooting-sources.md"
HEADINGS = [line[3:] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("## ")]
DATUMS = (places.ROOT / "docs" / "vertical-datums.md").read_text(encoding="utf-8").split("## Messages")[1]
HEADINGS += [line[4:] for line in DATUMS.splitlines() if line.startswith("### ")]


@pytest.fixture(scope="module")
def literals():
    """The code of providers/ and cache/ with the pieces of split string literals put together."""
    files = [path for folder in ("providers", "cache") for path in sorted((places.ROOT / folder).rglob("*.cpp"))]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return re.sub(r'"\s*\n\s*"', "", code)


@pytest.mark.parametrize("heading", HEADINGS)
def test_heading_is_a_message_of_the_code(heading, literals):
    pieces = re.split(r"`<[^`]*>`|: |; |\.\.\.|, did ", heading)
    for piece in pieces:
        piece = piece.strip(" '").replace("%", "%%")
        assert piece == "" or piece in literals, piece


def test_the_page_has_headings():
    assert len(HEADINGS) > 15
