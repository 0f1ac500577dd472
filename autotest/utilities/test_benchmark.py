"""The benchmark's own arithmetic: turns, ratios within a round, bars, and the place in the document."""

import sys

import places
import pytest

sys.path.append(str(places.ROOT / "autotest" / "benchmark"))

import archive_rows  # noqa: E402
import measure  # noqa: E402
import report  # noqa: E402
import shared_archive_rows  # noqa: E402
import stack  # noqa: E402


def sample(wall, peak_mib=1.0):
    return measure.Sample(wall=wall, cpu=wall, peak_mib=peak_mib, load=0.0, stdout="", stderr="")


def test_commands_take_turns_and_the_warm_up_round_does_not_count(tmp_path):
    order = tmp_path / "order"
    jobs = [measure.Job(name, lambda number, name=name: ["sh", "-c", f"echo {name}{number} >> {order}"]) for name in "ab"]
    samples = measure.alternate(jobs, 2, {"PATH": "/usr/bin:/bin"})
    assert order.read_text().split() == ["a-1", "b-1", "a0", "b0", "a1", "b1"]
    assert {name: len(taken) for name, taken in samples.items()} == {"a": 2, "b": 2}


def test_processor_time_and_memory_include_grandchildren():
    work = "import sys; data = bytearray(200 << 20); [0 for _ in range(3_000_000)]"
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}], check=True)"
    taken = measure.run_once([sys.executable, "-c", nested], {})
    assert taken.peak_mib > 200
    assert taken.cpu > 0.02


def test_a_command_that_fails_stops_the_benchmark_with_its_words():
    with pytest.raises(measure.BenchmarkError, match="exit status 3\nno such source"):
        measure.run_once(["sh", "-c", "echo no such source >&2; exit 3"], {"PATH": "/usr/bin:/bin"})


def test_ratios_are_taken_within_a_round():
    """A round on a busy machine slows both sides: the ratio stays."""
    spread = measure.ratios([sample(10), sample(40), sample(11)], [sample(2), sample(8), sample(2)], measure.wall)
    assert (spread.median, spread.low, spread.high) == (5, 5, 5.5)
    assert spread.text(1) == "5.0 [5.0-5.5]"


def test_bars_are_judged_by_the_median():
    assert report.at_least("work", 5, measure.Spread(5.0, 4.0, 6.0), "times faster").met
    assert not report.at_least("work", 5, measure.Spread(4.99, 4.0, 6.0), "times faster").met
    assert report.at_most("work", 0.35, measure.Spread(0.35, 0.3, 0.4)).met
    assert not report.at_most("work", 0.35, measure.Spread(0.36, 0.3, 0.4)).met


def test_results_replace_what_stood_between_the_markers(tmp_path):
    document = tmp_path / "performance.md"
    document.write_text(f"# Title\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    report.write_between_markers(document, "new")
    assert document.read_text() == f"# Title\n{report.BEGIN}\nnew\n{report.END}\nafter\n"
    document.write_text("# Title\n")
    with pytest.raises(measure.BenchmarkError, match="no place for the results"):
        report.write_between_markers(document, "new")


def test_the_performance_page_has_a_place_for_results():
    text = (places.ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert text.index(report.BEGIN) < text.index(report.END)


def test_a_request_is_of_its_file_signed_or_not_and_of_the_cloud_it_is_a_part_of():
    cog, cloud = "https://host/a/b.tif", "https://bucket/Survey/ept.json"
    assert archive_rows.is_of("host/a/b.tif", cog)
    assert archive_rows.is_of("host/a/b.tif?st=1&sig=2", cog)
    assert not archive_rows.is_of("host/a/b.tif.aux.xml", cog)
    assert archive_rows.is_of("bucket/Survey/ept-data/0-0-0-0.laz", cloud)
    assert not archive_rows.is_of("bucket/Survey_2/ept-data/0-0-0-0.laz", cloud)


def test_another_range_is_another_request_and_another_signature_is_not():
    requests = [["GET", "host/a?st=1", "bytes=0-9", 10], ["GET", "host/a?st=2", "bytes=0-9", 10], ["GET", "host/a?st=2", "bytes=10-19", 10],
                ["HEAD", "host/a?st=2", "", 0]]
    assert shared_archive_rows.asked_again(requests) == 1


def test_areas_are_whole_pixels_of_both_grids():
    sources = stack.Stack({}, [], [], (-70.99, 42.89, -70.49, 43.26), 0)
    assert sources.area("geo10").size() == (5000, 3700)
    assert sources.area("geo30").size() == (1600, 1184)
    for part in (4, 16):
        (width, height), (coarse_width, coarse_height) = (sources.area(grid, part).size() for grid in ("geo10", "geo30"))
        assert width * 160 == coarse_width * 500 and height * 160 == coarse_height * 500
