"""The menu of `topobathy cache`, on a real terminal (a pseudo terminal)."""

import os
import pty
import select
import signal
import time

import pytest

import places

SECONDS = 60
CHOICES = "[1-5] purge tier  [c] check integrity  [i] tier info  [q] quit: "


class Terminal:
    """A program on a terminal of its own; what it writes is read until an expected text comes."""

    def __init__(self, *arguments):
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.execv(str(places.PROGRAM), ["topobathy", *arguments])
        self.seen = ""

    def expect(self, text):
        """All that came up to and with `text`."""
        until = time.monotonic() + SECONDS
        while text not in self.seen:
            ready, _, _ = select.select([self.file], [], [], max(0, until - time.monotonic()))
            assert ready, f"{text!r} did not come, but {self.seen!r}"
            self.seen += self.read()
        end = self.seen.index(text) + len(text)
        before, self.seen = self.seen[:end], self.seen[end:]
        return before

    def read(self):
        try:
            return os.read(self.file, 65536).decode().replace("\r\n", "\n")
        except OSError:  # the program has ended
            raise AssertionError(f"it ended after {self.seen!r}") from None

    def send(self, text):
        os.write(self.file, text.encode())

    def end(self):
        """Its exit status."""
        while True:
            try:
                if not os.read(self.file, 65536):
                    break
            except OSError:
                break
        _, status = os.waitpid(self.pid, 0)
        os.close(self.file)
        self.pid = 0
        return os.waitstatus_to_exitcode(status)

    def kill(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            self.end()


@pytest.fixture
def start():
    started = []

    def begin(*arguments):
        started.append(Terminal(*arguments))
        return started[-1]

    yield begin
    for terminal in started:
        terminal.kill()


@pytest.fixture
def tile(cache_dir):
    return add(cache_dir / "tiles" / "data" / "13" / "0" / "0_0a1b2c3d.npy")


@pytest.fixture
def survey(cache_dir):
    return add(cache_dir / "ncei_bag" / "raw" / "H1.bag")


def add(path):
    path.parent.mkdir(parents=True)
    path.write_text("content")
    return path


def test_the_menu_loops_with_a_table_that_lives(start, tile, survey):
    menu = start("cache")
    table = menu.expect(CHOICES)
    assert "output tiles      7 B   1      *" in table
    assert "raw source files  7 B   1      * ! downloaded again for hours" in table
    menu.send("1\n")
    menu.expect("tier 1, output tiles: 1 item, 7 B\nPurge? [y/N] ")
    menu.send("y\n")
    menu.expect("tier 1, output tiles: removed 1 item, 7 B\n")
    assert "output tiles      0 B   0\n" in menu.expect(CHOICES)
    assert not tile.exists() and survey.exists()
    menu.send("i\n")
    assert "tier 5: raw source files  !" in menu.expect(CHOICES)
    menu.send("x\n")
    menu.expect("there is no choice 'x'\n")
    menu.expect(CHOICES)
    menu.send("q\n")
    assert menu.end() == 0


def test_the_menu_checks(start, tile):
    menu = start("cache")
    menu.expect(CHOICES)
    menu.send("c\n")
    assert "0_0a1b2c3d.npy" in menu.expect(CHOICES)  # it is no NumPy file
    assert tile.exists()


@pytest.mark.parametrize("word", ["y", "Yes", "", "n"])
def test_tier_5_wants_the_word_typed(start, survey, word):
    menu = start("cache")
    menu.expect(CHOICES)
    menu.send("5\n")
    menu.expect("Type yes to purge: ")
    menu.send(word + "\n")
    menu.expect("aborted: nothing was deleted\n")
    menu.expect(CHOICES)
    assert survey.exists()
    menu.send("5\n")
    menu.expect("Type yes to purge: ")
    menu.send("yes\n")
    menu.expect("tier 5, raw source files: removed 1 item, 7 B\n")
    menu.expect(CHOICES)
    assert not survey.exists()


@pytest.mark.parametrize("key", ["\x03", "\x04"])  # Ctrl-C, Ctrl-D
def test_breaking_off_deletes_nothing(start, tile, key):
    menu = start("cache")
    menu.expect(CHOICES)
    menu.send("1\n")
    menu.expect("Purge? [y/N] ")
    menu.send(key)
    menu.expect("aborted: nothing was deleted\n")
    menu.expect(CHOICES)
    assert tile.exists()
    menu.send(key)
    assert menu.end() == 0
    assert tile.exists()


def test_an_empty_tier_is_not_asked_about(start):
    menu = start("cache")
    menu.expect(CHOICES)
    menu.send("2\n")
    menu.expect("nothing to purge\n")
    menu.expect(CHOICES)


def test_a_purge_on_a_terminal_asks_without_a_menu(start, tile):
    purge = start("cache", "--purge", "all")
    purge.expect("Purge? [y/N] ")
    purge.send("n\n")
    purge.expect("aborted: nothing was deleted\n")
    assert purge.end() == 1
    assert tile.exists()
    purge = start("cache", "--purge", "all")
    purge.expect("Purge? [y/N] ")
    purge.send("y\n")
    purge.expect("tier 1, output tiles: removed 1 item, 7 B\n")
    assert purge.end() == 0
    assert not tile.exists()
