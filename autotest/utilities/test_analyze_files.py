"""`topobathy analyze` lists the files that reading a box would take, and takes none itself."""

import policies
from analysis import BOX, EXTENT, NOTHING, left_out, only_step, read_box, taken


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

    def test_a_file_that_cannot_be_read_is_an_error_beside_the_others(self, run_analyze, sample_coast, write_policy, tmp_path):
        step = policies.raster_step([sample_coast / "global_15s.nc", "no.tif"], name="base")
        path = write_policy(policies.policy([step], extent=EXTENT))
        process = run_analyze(path, BOX)
        assert process.returncode == 1
        assert process.stderr == f"{path}:10:5: step 'base': cannot read '{tmp_path}/no.tif': no such file\n"
        assert "global_15s" in process.stdout
        assert f"  failed: cannot read '{tmp_path}/no.tif': no such file\n" in process.stdout

    def test_far_files_are_not_listed(self, analyze, sample_coast, write_policy):
        path = write_policy(policies.policy([policies.raster_step(sample_coast / "H19901_MB_4m_MLLW_1of1.bag")], extent=EXTENT))
        assert only_step(analyze(path, "10,10,10.1,10.1"))["files"] == []
