"""The sum of `make check` believes nothing that a dead or empty test program tells."""

import check_parts
import check_results


def report(tmp_path, cases):
    path = tmp_path / "report.xml"
    path.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    return str(path)


def test_counts_pytest_outcomes(tmp_path):
    cases = """<testcase classname="m" name="a"/><testcase classname="m" name="b"><failure message="no"/></testcase>
               <testcase classname="m" name="c"><error message="setup"/></testcase>
               <testcase classname="m" name="d"><skipped message="no network"/></testcase>"""
    result = check_results.read_report("py", report(tmp_path, cases), 1)
    assert (result.passed, result.failed) == (1, ["py: m.b", "py: m.c"])
    assert result.skipped == [("py: m.d", "no network")]


def test_counts_google_test_outcomes(tmp_path):
    cases = """<testcase classname="S" name="a" status="run" result="completed"/>
               <testcase classname="S" name="b" status="notrun" result="suppressed"/>
               <testcase classname="S" name="c" status="run" result="skipped"><skipped message="t.cpp:4&#x0A;no PROJ grid"/></testcase>"""
    result = check_results.read_report("cpp", report(tmp_path, cases), 0)
    assert (result.passed, result.failed) == (1, [])
    assert result.skipped == [("cpp: S.b", "disabled (DISABLED_ in its name)"), ("cpp: S.c", "no PROJ grid")]


def test_a_program_that_died_has_failed(tmp_path):
    assert check_results.read_report("cpp", str(tmp_path / "none.xml"), -11).failed == [
        "cpp: no report; killed by signal 11"]
    (tmp_path / "cut.xml").write_text("<testsuites><testsuite>")
    assert check_results.read_report("cpp", str(tmp_path / "cut.xml"), 0).failed == ["cpp: no report; exit status 0"]


def test_an_exit_status_goes_before_a_clean_report(tmp_path):
    result = check_results.read_report("asan", report(tmp_path, '<testcase classname="S" name="a"/>'), 23)
    assert result.passed == 1
    assert result.failed == ["asan: exit status 23 although no reported test failed"]


def test_nothing_ran_is_a_failure(tmp_path):
    assert check_results.read_report("py", report(tmp_path, ""), 0).failed == ["py: no test ran"]
    assert check_results.read_report("py", report(tmp_path, ""), 5).failed == [
        "py: exit status 5 although no reported test failed"]


def run_part(result, **more):
    return check_parts.run_part(check_parts.Part("part", "", lambda jobs: result, **more), 1)


def test_a_part_that_ran_no_test_has_failed():
    assert run_part(check_results.Result()).failed == ["no test ran"]
    assert run_part(check_results.Result(skipped=[("m.a", "no data")])).failed == ["no test ran"]
    assert run_part(check_results.Result(passed=1)).failed == []
    assert run_part(check_results.Result(failed=["build release"])).failed == ["build release"]


def test_a_check_without_tests_passes_by_not_failing():
    assert run_part(check_results.Result(), has_tests=False).failed == []
    assert run_part(check_results.Result(failed=["layout"]), has_tests=False).failed == ["layout"]
