"""Every heading of the pages on sources and the cache, and of the messages on datums, is a message that the code can give."""

import re

import pytest

import places

DOCS = places.ROOT / "docs"


def headings(page, mark, behind=""):
    text = (DOCS / page).read_text(encoding="utf-8")
    return [line[len(mark):] for line in text[text.index(behind):].splitlines() if line.startswith(mark)]


HEADINGS = [*headings("troubleshooting-sources.md", "## "), *headings("troubleshooting-cache.md", "## "),
            *headings("vertical-datums.md", "### ", "## Messages")]


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


def test_the_pages_have_headings():
    assert len(HEADINGS) > 45
