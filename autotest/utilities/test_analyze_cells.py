"""`topobathy analyze` counts the cells that are stored already."""

import shutil

import policies
from analysis import BOX, EXTENT, NOTHING, only_step, read_box, taken


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

    def test_files_that_were_fetched_are_raw(self, analyze, run_analyze, one_step):
        path = one_step("ncei_cudem")
        read_box(path)
        step = only_step(analyze(path, BOX))
        assert all(file["at_hand"] for file in taken(step).values())
        assert step["sums"]["to_fetch"] == NOTHING
        assert run_analyze(path, BOX).stdout.count("  raw\n") == 2

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
