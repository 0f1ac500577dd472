"""`topobathy analyze` says what reading a box would take, and takes nothing itself."""

import json
import shutil

import pytest
from osgeo import gdal

import places
import policies

EXTENT = [-70.80, 42.96, -70.70, 43.04]
BOX = "-70.76,42.98,-70.72,42.995"  # of four cells the southern two
KEYS = ["id", "survey_id", "project", "url", "year", "resolution", "size", "access", "vertical_datum", "vertical_basis",
        "at_hand", "excluded"]
SUM_KEYS = ["files", "left_out", "at_hand", "to_fetch", "by_windows", "to_ask"]
NOTHING = {"files": 0, "bytes": 0, "unsized": 0}


@pytest.fixture
def run(run_tool, archive, monkeypatch):
    """topobathy analyze on the archives of this test; the finished process, whatever its status."""
    monkeypatch.setenv("TOPOBATHY_ENDPOINTS", archive.endpoints)
    monkeypatch.setenv("TOPOBATHY_HTTP_ATTEMPTS", "1")
    return lambda *arguments: run_tool("topobathy", "analyze", *arguments, check=False, cwd=places.ROOT)


@pytest.fixture
def analyze(run):
    """The JSON answer, whose exit status must be `status`."""

    def answer(policy, *arguments, status=0):
        process = run(policy, *arguments, "--json")
        assert process.returncode == status, process.stderr
        return json.loads(process.stdout)

    return answer


@pytest.fixture
def one_step(write_policy):
    """A policy of one step over the sample coast."""
    return lambda provider, **more: write_policy(
        policies.policy([{"provider": provider, **more}], extent=EXTENT, resolution=30))


def only_step(answer):
    (step,) = answer["steps"]
    return step


def taken(step):
    return {file["id"]: file for file in step["files"] if file["excluded"] is None}


def left_out(step):
    return {file["id"]: file["excluded"] for file in step["files"] if file["excluded"] is not None}


def read_box(policy, box=BOX, **options):
    """Reads the box through GDAL, as somebody would after the analysis."""
    west, south, east, north = (float(edge) for edge in box.split(","))
    dataset = gdal.OpenEx(policy, open_options=[f"{name}={value}" for name, value in options.items()])
    left, width, _, top, _, height = dataset.GetGeoTransform()
    col, row = int((west - left) / width), int((north - top) / height)
    return dataset.ReadAsArray(col, row, int((east - west) / width), int((south - north) / height))


class TestWhatArchivesHave:
    def test_bluetopo_is_read_by_windows(self, analyze, archive, one_step):
        answer = analyze(one_step("noaa_bluetopo"), BOX)
        step = only_step(answer)
        assert (step["state"], step["messages"]) == ("known", [])
        assert set(taken(step)) == {"BH4SAMPL", "BH4SAMP4"}
        assert all(file["access"] == "stream" and not file["at_hand"] for file in step["files"])
        assert taken(step)["BH4SAMP4"]["resolution"] == 4
        assert step["sums"]["to_fetch"] == NOTHING and step["sums"]["by_windows"]["files"] == 2
        assert archive.log.count(r"\.tiff") == 0, archive.log.text()

    def test_surveys_that_patterns_leave_out_are_told_with_the_reason(self, analyze, archive, one_step):
        step = only_step(analyze(one_step("ncei_bag", filter={"exclude_patterns": ["H19902*", "H11990"], "min_year": 2010}), BOX))
        assert set(taken(step)) == {"H19901_MB_4m_MLLW_1of1", "H19906_MB_4m_Ellipsoid_1of1"}
        reasons = left_out(step)
        assert reasons["H19902_MB_8m_MLLW_1of1"] == (
            "'H19902_MB_8m_MLLW_1of1' is left out by include_patterns or exclude_patterns")
        assert reasons["F00999_MB_50cm_MLLW_1of1"] == "of 2007, older than min_year 2010"
        survey = taken(step)["H19901_MB_4m_MLLW_1of1"]
        assert (survey["access"], survey["year"], survey["vertical_datum"], survey["vertical_basis"]) == (
            "download", 2019, "MLLW", "archive")
        assert (step["sums"]["files"], step["sums"]["left_out"]) == (2, 3)
        assert archive.log.count(r"\.bag", method="GET") == 0

    def test_of_two_editions_the_older_is_superseded(self, analyze, archive, one_step):
        step = only_step(analyze(one_step("ncei_cudem"), BOX))
        assert {file["survey_id"] for file in taken(step).values()} == {
            "ncei19_n43x00_w071x00_2021v1", "ncei19_n43x00_w070x75_2021v1"}
        (reason,) = left_out(step).values()
        assert reason == "superseded by ncei19_n43x00_w071x00_2021v1"
        sizes = [len(archive.get(file["url"])) for file in taken(step).values()]
        assert sorted(file["size"] for file in taken(step).values()) == sorted(sizes)
        assert step["sums"]["to_fetch"] == {"files": 2, "bytes": sum(sizes), "unsized": 0}

    def test_gebco_is_a_service_and_its_tiles_are_kept(self, analyze, archive, one_step):
        policy = one_step("gebco_2025")
        step = only_step(analyze(policy, BOX))
        assert {file["access"] for file in step["files"]} == {"service"}
        assert step["sums"]["to_ask"] == {"files": 2, "bytes": 0, "unsized": 2}
        assert archive.log.count() == 0  # where its tiles lie is known
        read_box(policy)
        step = only_step(analyze(policy, BOX))
        assert all(file["at_hand"] for file in step["files"])
        assert step["sums"]["to_ask"] == NOTHING and step["sums"]["at_hand"] == 2

    def test_3dep_tiles_have_a_size(self, analyze, one_step):
        step = only_step(analyze(one_step("usgs_3dep"), BOX))
        assert {"USGS_13_n43w071", "USGS_13_n44w071"} <= set(taken(step))
        sums = step["sums"]["by_windows"]
        assert sums["files"] == len(taken(step)) and sums["bytes"] == sum(file["size"] for file in taken(step).values())

    def test_where_nothing_lies_nothing_is_found(self, analyze, one_step):
        step = only_step(analyze(one_step("noaa_bluetopo"), "-40,10,-39.9,10.1"))
        assert (step["state"], step["files"]) == ("known", [])


class TestRasterSteps:
    def test_files_of_the_box_with_their_size(self, analyze, sample_coast, write_policy):
        names = ["H19901_MB_4m_MLLW_1of1.bag", "H19902_MB_8m_MLLW_1of1.bag"]
        files = [sample_coast / name for name in names]
        step = policies.raster_step(files, name="surveys", filter={"exclude_patterns": ["H19902*"]})
        answer = only_step(analyze(write_policy(policies.policy([step], extent=EXTENT)), BOX))
        (file,) = taken(answer).values()
        assert (file["id"], file["url"], file["size"]) == (str(files[0]), str(files[0]), files[0].stat().st_size)
        assert (file["access"], file["at_hand"], file["resolution"], file["year"]) == ("file", True, 4, None)
        assert left_out(answer) == {
            str(files[1]): "'H19902_MB_8m_MLLW_1of1' is left out by include_patterns or exclude_patterns"}
        assert answer["cells"] is None  # local files are not kept once more
        assert answer["sums"]["at_hand"] == 1

    def test_a_file_that_cannot_be_read_is_an_error_beside_the_others(self, run, sample_coast, write_policy, tmp_path):
        step = policies.raster_step([sample_coast / "global_15s.nc", "no.tif"], name="base")
        path = write_policy(policies.policy([step], extent=EXTENT))
        process = run(path, BOX)
        assert process.returncode == 1
        assert process.stderr == f"{path}:10:5: step 'base': cannot read '{tmp_path}/no.tif': no such file\n"
        assert "global_15s" in process.stdout
        assert f"  failed: cannot read '{tmp_path}/no.tif': no such file\n" in process.stdout

    def test_far_files_are_not_listed(self, analyze, sample_coast, write_policy):
        path = write_policy(policies.policy([policies.raster_step(sample_coast / "H19901_MB_4m_MLLW_1of1.bag")], extent=EXTENT))
        assert only_step(analyze(path, "10,10,10.1,10.1"))["files"] == []


class TestSteps:
    def test_run_from_the_top_down(self, analyze, write_policy):
        path = write_policy(policies.policy([{"provider": "gebco_2025"}, {"provider": "noaa_bluetopo", "name": "charts"}],
                                            extent=EXTENT))
        answer = analyze(path, BOX)
        assert [(step["name"], step["provider"], step["operator"]) for step in answer["steps"]] == [
            ("charts", "noaa_bluetopo", "overwrite"), ("gebco_2025", "gebco_2025", "overwrite")]

    def test_a_zone_elsewhere_asks_nobody(self, analyze, archive, one_step):
        step = only_step(analyze(one_step("noaa_bluetopo", zone=[-60, 40, -59, 41]), BOX))
        assert (step["state"], step["files"], step["has_zone"], step["cells"]) == ("elsewhere", [], True, None)
        assert archive.log.count() == 0

    def test_a_zone_counts_its_own_cells(self, analyze, one_step):
        answer = analyze(one_step("noaa_bluetopo", zone=[-70.80, 42.96, -70.76, 43.04]))
        assert answer["cells"]["total"] == 4
        assert only_step(answer)["cells"]["total"] == 2

    def test_an_archive_that_fails_leaves_the_others(self, run, archive, write_policy):
        archive.faults.add("FeatureServer", kind="status", status=503)
        path = write_policy(policies.policy([{"provider": "ncei_bag", "filter": {"exclude_patterns": "H11990"}}, {"provider": "noaa_bluetopo"}], extent=EXTENT))
        process = run(path, BOX, "--json")
        assert process.returncode == 1
        bluetopo, bag = json.loads(process.stdout)["steps"]
        assert (bluetopo["state"], bag["state"]) == ("known", "failed")
        assert len(bluetopo["files"]) == 2 and bag["files"] == [] and bag["cells"] is None
        (message,) = bag["messages"]
        assert "the server says HTTP 503" in message
        assert process.stderr == f"{path}:10:5: step 'ncei_bag': {message}\n"

        archive.faults.reset()
        process = run(path, BOX, "--json")
        assert (process.returncode, process.stderr) == (0, "")

    def test_what_cannot_be_read_is_told_before_it_is_tried(self, run, one_step):
        path = one_step("ncei_bag")
        process = run(path, BOX, "--json")
        assert process.returncode == 1
        step = only_step(json.loads(process.stdout))
        assert step["state"] == "failed" and len(step["files"]) == 5 and step["cells"]["total"] == 2
        (message,) = step["messages"]
        assert message.startswith("survey H11990 should have BAGs, but its page ")

    @pytest.mark.parametrize("nth", range(1, 9))
    def test_after_any_one_failure_the_next_answer_is_right(self, analyze, run, archive, one_step, nth):
        path = one_step("ncei_bag", filter={"exclude_patterns": "H11990"})
        archive.faults.add(nth=nth, kind="status", status=503)
        process = run(path, BOX)
        assert process.returncode == (1 if archive.log.count(status=503) else 0)
        archive.faults.reset()
        assert len(taken(only_step(analyze(path, BOX)))) == 4


class TestOffline:
    def test_what_nobody_has_asked_is_not_known(self, run, archive, write_policy):
        path = write_policy(policies.policy([{"provider": "noaa_bluetopo"}, {"provider": "gebco_2025"}], extent=EXTENT))
        process = run(path, BOX, "--offline")
        assert process.returncode == 4
        assert process.stderr.startswith(f"{path}:10:5: step 'noaa_bluetopo': not known offline: 'https://")
        assert "noaa_bluetopo  0 " in process.stdout and "not known offline\n" in process.stdout
        assert archive.log.count() == 0
        steps = {step["name"]: step for step in json.loads(run(path, BOX, "--offline", "--json").stdout)["steps"]}
        assert (steps["noaa_bluetopo"]["state"], steps["noaa_bluetopo"]["files"]) == ("offline", [])
        assert steps["gebco_2025"]["state"] == "known"

    def test_what_was_asked_once_is_known(self, analyze, archive, one_step):
        path = one_step("noaa_bluetopo")
        before = analyze(path, BOX)
        archive.log.clear()
        assert analyze(path, BOX, "--offline") == before
        assert archive.log.count() == 0

    def test_a_failure_weighs_more_than_what_is_not_known(self, run, write_policy):
        path = write_policy(policies.policy([policies.raster_step("no.tif"), {"provider": "noaa_bluetopo"}], extent=EXTENT))
        assert run(path, BOX, "--offline").returncode == 1


class TestCells:
    def test_are_counted_after_a_read(self, analyze, archive, one_step):
        path = one_step("noaa_bluetopo")
        before = analyze(path, BOX)
        assert before["cells"] == {"stored": 0, "partly": 0, "total": 2}
        assert only_step(before)["cells"] == {"stored": 0, "partly": 0, "total": 2}
        read_box(path)
        after = analyze(path, BOX)
        assert after["cells"] == {"stored": 2, "partly": 0, "total": 2}
        assert only_step(after)["cells"] == {"stored": 2, "partly": 0, "total": 2}
        # Beyond the box there is more to do.
        assert analyze(path)["cells"] == {"stored": 2, "partly": 0, "total": 4}
        archive.log.clear()
        assert analyze(path, BOX, "--offline")["cells"]["stored"] == 2

    def test_levels_have_cells_of_their_own(self, analyze, one_step):
        path = one_step("noaa_bluetopo")
        read_box(path)
        assert analyze(path, BOX, "--level", 1)["cells"] == {"stored": 0, "partly": 0, "total": 1}

    def test_another_blend_needs_the_provider_cells_only(self, analyze, write_policy, one_step):
        read_box(one_step("noaa_bluetopo"))
        other = write_policy(policies.policy(
            [{"provider": "noaa_bluetopo", "operator": "metric_feather", "blend_distance": 50}], extent=EXTENT, resolution=30))
        answer = analyze(other, BOX)
        assert answer["cells"]["stored"] == 0
        assert only_step(answer)["cells"]["stored"] == 2

    def test_edges_that_neighbours_borrowed_are_stored_in_part(self, analyze, one_step):
        path = one_step("noaa_bluetopo", operator="metric_feather", blend_distance=1000)
        read_box(path)
        assert only_step(analyze(path))["cells"] == {"stored": 2, "partly": 2, "total": 4}

    def test_cells_of_sources_nobody_can_ask_do_not_count(self, analyze, one_step, cache_dir):
        path = one_step("noaa_bluetopo")
        read_box(path)
        (cache_dir / "noaa_bluetopo" / "discovery.sqlite").unlink()
        answer = analyze(path, BOX, "--offline", status=4)
        assert answer["cells"]["stored"] == 0 and only_step(answer)["cells"] is None

    def test_a_new_edition_takes_them_back(self, analyze, archive, one_step, sample_coast, write_policy, tmp_path):
        shutil.copy(sample_coast / "global_15s.nc", tmp_path / "base.nc")
        path = write_policy(policies.policy([policies.raster_step("base.nc")], extent=EXTENT, resolution=30))
        read_box(path)
        assert analyze(path, BOX)["cells"]["stored"] == 2
        (tmp_path / "base.nc").touch()
        assert analyze(path, BOX)["cells"]["stored"] == 0

    def test_files_that_were_fetched_are_raw(self, analyze, run, one_step):
        path = one_step("ncei_cudem")
        read_box(path)
        step = only_step(analyze(path, BOX))
        assert all(file["at_hand"] for file in taken(step).values())
        assert step["sums"]["to_fetch"] == NOTHING
        assert run(path, BOX).stdout.count("  raw\n") == 2

    def test_no_more_is_fetched_than_was_said(self, analyze, archive, one_step):
        """The box is small, its cells are not: whole cells are fused for the cache."""
        path = one_step("ncei_bag", filter={"exclude_patterns": "H11990"})  # which has no file
        box = "-70.7305,42.9895,-70.73,42.99"
        said = {file["url"] for file in taken(only_step(analyze(path, box))).values()}
        archive.log.clear()
        read_box(path, box)
        fetched = {entry.target for entry in archive.log.find(r"\.bag(\.gz)?$", method="GET")}
        assert fetched and {f"https://{target}" for target in fetched} <= said

    def test_without_a_cache_none_are_counted(self, analyze, one_step, cache_dir):
        answer = analyze(one_step("noaa_bluetopo"), BOX, "--cache", "OFF")
        assert (answer["cells"], only_step(answer)["cells"]) == (None, None)
        assert len(taken(only_step(answer))) == 2
        assert not cache_dir.exists()


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
    def test_refuses_a_wrong_command_line(self, run, one_step, arguments, message):
        process = run(one_step("gebco_2025"), *arguments)
        assert process.stderr.startswith(message)
        assert (process.stdout, process.returncode) == ("", 2)

    def test_an_archive_is_not_asked_about_a_continent(self, run, archive, write_policy):
        path = write_policy(policies.policy([{"provider": "ncei_bag"}], extent=[-100, 20, -60, 50], resolution=1000))
        process = run(path)
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

    def test_long_lists_are_cut(self, run, many):
        lines = run(many, BOX).stdout.splitlines()
        assert sum(line.startswith("  f") and ".nc" in line for line in lines) == 40
        assert "  ... and 10 more; --all lists them" in lines
        assert any(line.startswith("base ") and line.split()[1] == "50" for line in lines)

    def test_all_lists_every_file(self, run, many):
        text = run(many, BOX, "--all").stdout
        assert text.count(".nc ") == 50 and "more; --all" not in text

    def test_the_top_file_is_the_first(self, run, many):
        lines = run(many, BOX).stdout.splitlines()
        assert next(line for line in lines if ".nc" in line).startswith("  f49.nc ")

    def test_sums_only(self, run, analyze, many):
        text = run(many, BOX, "--summary").stdout
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

    def test_columns_line_up(self, run, one_step):
        lines = run(one_step("ncei_cudem"), BOX).stdout.splitlines()
        heading = next(line for line in lines if line.startswith("  file "))
        rows = [line for line in lines if line.endswith("  to fetch")]
        assert len(rows) == 2
        for row in rows:
            assert row[heading.index("access"):].startswith("download ")
            assert row[heading.index("size") - 2:heading.index("size")] == "  "
        assert "ncei_cudem: ncei_cudem ninth, overwrite" in lines
