"""The command line of `topobathy analyze`, and the shape of what it prints."""

import pytest

import policies
from analysis import BOX, EXTENT, only_step

KEYS = ["id", "survey_id", "project", "url", "year", "resolution", "size", "access", "vertical_datum", "vertical_basis",
        "at_hand", "excluded"]
SUM_KEYS = ["files", "left_out", "at_hand", "to_fetch", "by_windows", "to_ask"]


class TestCommandLine:
    def test_the_box_is_the_extent_unless_it_is_given(self, analyze, one_step):
        answer = analyze(one_step("gebco_2025"))
        box = answer["box"]
        assert box["west"] <= EXTENT[0] and box["south"] <= EXTENT[1] and box["east"] >= EXTENT[2] and box["north"] >= EXTENT[3]
        assert (answer["grid"]["column"], answer["grid"]["row"]) == (0, 0)

    def test_the_box_may_be_in_another_crs(self, analyze, one_step):
        path = one_step("gebco_2025")
        mercator = analyze(path, "-7876967,5308928,-7872514,5310450", "--bbox-crs", "EPSG:3857")
        assert mercator["box"]["west"] == pytest.approx(-70.76, abs=3e-4)
        assert mercator["box"]["north"] == pytest.approx(42.99, abs=3e-4)

    def test_a_policy_without_an_extent_needs_a_box_only(self, analyze, write_policy):
        path = write_policy(policies.policy([{"provider": "noaa_bluetopo"}]))
        assert analyze(path, BOX)["cells"]["total"] == 2

    def test_a_box_over_the_antimeridian(self, analyze, write_policy):
        path = write_policy(policies.policy([{"provider": "gebco_2025"}], extent=[179, 10, -179, 11], resolution=500))
        west_side = analyze(path, "-179.5,10.2,-179.4,10.3")
        assert west_side["box"]["west"] == pytest.approx(-179.5, abs=0.01)
        assert 0 < west_side["grid"]["column"]
        across = analyze(path, "179.9,10.2,-179.9,10.3")
        assert {file["id"] for file in only_step(across)["files"]} >= {"n10_e179", "n10_w180"}

    @pytest.mark.parametrize("arguments, message", [
        (["-80,30,-70"], "topobathy: Open option BBOX=-80,30,-70: "),
        (["-70.76,42.98,-70.72,43.0", "--level", "9"], "topobathy: --level 9: this raster has levels 0 to 1"),
        (["--bbox-crs", "EPSG:3857"], "topobathy: Open option BBOX_CRS has no effect without BBOX"),
        (["-180,-80,180,80"], "topobathy: the box touches 23040000 cells; at most 100000 are analysed at once: "
                              "give a smaller bbox, or a coarser level"),
        (["--all", "--summary"], "topobathy: --all and --summary exclude each other; give one\n"),
    ])
    def test_refuses_a_wrong_command_line(self, run_analyze, one_step, arguments, message):
        process = run_analyze(one_step("gebco_2025"), *arguments)
        assert process.stderr.startswith(message)
        assert (process.stdout, process.returncode) == ("", 2)

    def test_an_archive_is_not_asked_about_a_continent(self, run_analyze, archive, write_policy):
        path = write_policy(policies.policy([{"provider": "ncei_bag"}], extent=[-100, 20, -60, 50], resolution=1000))
        process = run_analyze(path)
        assert process.returncode == 1
        assert process.stderr.startswith(f"{path}:11:5: step 'ncei_bag': the box is 4")
        assert process.stderr.endswith(" degrees, cells and blends included; an archive is asked about 100 square degrees "
                                       "at most: give a smaller bbox, or the step a zone\n")
        assert archive.log.count() == 0


class TestReport:
    @pytest.fixture
    def many(self, sample_coast, write_policy, tmp_path):
        """50 files of one place."""
        for number in range(50):
            (tmp_path / f"f{number:02}.nc").symlink_to(sample_coast / "global_15s.nc")
        return write_policy(policies.policy([policies.raster_step([f"f{n:02}.nc" for n in range(50)], name="base")],
                                            extent=EXTENT))

    def test_long_lists_are_cut(self, run_analyze, many):
        lines = run_analyze(many, BOX).stdout.splitlines()
        assert sum(line.startswith("  f") and ".nc" in line for line in lines) == 40
        assert "  ... and 10 more; --all lists them" in lines
        assert any(line.startswith("base ") and line.split()[1] == "50" for line in lines)

    def test_all_lists_every_file(self, run_analyze, many):
        text = run_analyze(many, BOX, "--all").stdout
        assert text.count(".nc ") == 50 and "more; --all" not in text

    def test_the_top_file_is_the_first(self, run_analyze, many):
        lines = run_analyze(many, BOX).stdout.splitlines()
        assert next(line for line in lines if ".nc" in line).startswith("  f49.nc ")

    def test_sums_only(self, run_analyze, analyze, many):
        text = run_analyze(many, BOX, "--summary").stdout
        assert ".nc" not in text and "sums " in text and "all steps " in text
        assert only_step(analyze(many, BOX, "--summary"))["files"] is None

    def test_json_has_the_documented_members(self, analyze, write_policy):
        steps = [{"provider": "gebco_2025"}, {"provider": "ncei_bag", "filter": {"exclude_patterns": ["F*", "H11990"]}}]
        answer = analyze(write_policy(policies.policy(steps, extent=EXTENT)), BOX)
        assert list(answer) == ["format", "policy", "box", "grid", "cells", "steps", "sums"]
        assert answer["format"] == 1
        assert list(answer["policy"]) == ["file", "name", "version", "hash"]
        assert list(answer["box"]) == ["west", "south", "east", "north"]
        assert list(answer["grid"]) == ["crs", "level", "pixel_size", "column", "row", "width", "height"]
        assert list(answer["cells"]) == ["stored", "partly", "total"]
        for step in answer["steps"]:
            assert list(step) == ["name", "provider", "product", "operator", "has_zone", "state", "messages", "cells", "sums",
                                  "files"]
            assert list(step["sums"]) == SUM_KEYS
            assert step["files"]
            for file in step["files"]:
                assert list(file) == KEYS
                assert file["access"] in ("file", "stream", "download", "service")
                assert isinstance(file["at_hand"], bool)
                for number in ("year", "resolution", "size"):
                    assert file[number] is None or file[number] > 0
        assert list(answer["sums"]) == SUM_KEYS
        assert list(answer["sums"]["to_fetch"]) == ["files", "bytes", "unsized"]
        for name in ("files", "left_out", "at_hand"):
            assert answer["sums"][name] == sum(step["sums"][name] for step in answer["steps"])

    def test_columns_line_up(self, run_analyze, one_step):
        lines = run_analyze(one_step("ncei_cudem"), BOX).stdout.splitlines()
        heading = next(line for line in lines if line.startswith("  file "))
        rows = [line for line in lines if line.endswith("  to fetch")]
        assert len(rows) == 2
        for row in rows:
            assert row[heading.index("access"):].startswith("download ")
            assert row[heading.index("size") - 2:heading.index("size")] == "  "
        assert "ncei_cudem: ncei_cudem ninth, overwrite" in lines
