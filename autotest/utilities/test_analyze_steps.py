"""`topobathy analyze` asks each step that has a say in the box, and says which cannot answer."""

import json

import pytest

import policies
from analysis import BOX, EXTENT, only_step, taken


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

    def test_an_archive_that_fails_leaves_the_others(self, run_analyze, archive, write_policy):
        archive.faults.add("FeatureServer", kind="status", status=503)
        path = write_policy(policies.policy([{"provider": "ncei_bag", "filter": {"exclude_patterns": "H11990"}}, {"provider": "noaa_bluetopo"}], extent=EXTENT))
        process = run_analyze(path, BOX, "--json")
        assert process.returncode == 1
        bluetopo, bag = json.loads(process.stdout)["steps"]
        assert (bluetopo["state"], bag["state"]) == ("known", "failed")
        assert len(bluetopo["files"]) == 2 and bag["files"] == [] and bag["cells"] is None
        (message,) = bag["messages"]
        assert "the server says HTTP 503" in message
        assert process.stderr == f"{path}:10:5: step 'ncei_bag': {message}\n"

        archive.faults.reset()
        process = run_analyze(path, BOX, "--json")
        assert (process.returncode, process.stderr) == (0, "")

    def test_what_cannot_be_read_is_told_before_it_is_tried(self, run_analyze, one_step):
        path = one_step("ncei_bag")
        process = run_analyze(path, BOX, "--json")
        assert process.returncode == 1
        step = only_step(json.loads(process.stdout))
        assert step["state"] == "failed" and len(step["files"]) == 5 and step["cells"]["total"] == 2
        (message,) = step["messages"]
        assert message.startswith("survey H11990 should have BAGs, but its page ")

    @pytest.mark.parametrize("nth", range(1, 9))
    def test_after_any_one_failure_the_next_answer_is_right(self, analyze, run_analyze, archive, one_step, nth):
        path = one_step("ncei_bag", filter={"exclude_patterns": "H11990"})
        archive.faults.add(nth=nth, kind="status", status=503)
        process = run_analyze(path, BOX)
        assert process.returncode == (1 if archive.log.count(status=503) else 0)
        archive.faults.reset()
        assert len(taken(only_step(analyze(path, BOX)))) == 4


class TestOffline:
    def test_what_nobody_has_asked_is_not_known(self, run_analyze, archive, write_policy):
        path = write_policy(policies.policy([{"provider": "noaa_bluetopo"}, {"provider": "gebco_2025"}], extent=EXTENT))
        process = run_analyze(path, BOX, "--offline")
        assert process.returncode == 4
        assert process.stderr.startswith(f"{path}:10:5: step 'noaa_bluetopo': not known offline: 'https://")
        assert "noaa_bluetopo  0 " in process.stdout and "not known offline\n" in process.stdout
        assert archive.log.count() == 0
        steps = {step["name"]: step for step in json.loads(run_analyze(path, BOX, "--offline", "--json").stdout)["steps"]}
        assert (steps["noaa_bluetopo"]["state"], steps["noaa_bluetopo"]["files"]) == ("offline", [])
        assert steps["gebco_2025"]["state"] == "known"

    def test_what_was_asked_once_is_known(self, analyze, archive, one_step):
        path = one_step("noaa_bluetopo")
        before = analyze(path, BOX)
        archive.log.clear()
        assert analyze(path, BOX, "--offline") == before
        assert archive.log.count() == 0

    def test_a_failure_weighs_more_than_what_is_not_known(self, run_analyze, write_policy):
        path = write_policy(policies.policy([policies.raster_step("no.tif"), {"provider": "noaa_bluetopo"}], extent=EXTENT))
        assert run_analyze(path, BOX, "--offline").returncode == 1
