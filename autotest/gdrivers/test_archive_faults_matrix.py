"""Each request that a first read makes fails in each way: what is read is right, or the read fails and says why; and as soon
as the archive is well again so is what is read. By default a request meets a third of the kinds of faults, its neighbours the
others; with TOPOBATHY_ALL_FAULTS=YES each meets all."""

import os

import pytest

from fault_cases import CASES
from fault_matrix import Matrix

SHARE = 1 if os.environ.get("TOPOBATHY_ALL_FAULTS") == "YES" else 3


@pytest.fixture(scope="module")
def matrix(archive_server, mother):
    made = Matrix(mother)
    yield made
    made.close()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_fault_is_an_error_or_makes_no_difference(matrix, case, record_property):
    complaints, outcomes = matrix.run(case, share=SHARE)
    record_property("outcomes", dict(outcomes))
    assert not complaints, f"{len(complaints)} of {sum(outcomes.values())}:\n" + "\n".join(complaints)
    assert outcomes["error"], "no fault made a difference: did any strike?"


@pytest.mark.parametrize("name", ["noaa_bluetopo", "ncei_cudem", "nasadem_stac"])
def test_a_step_that_is_skipped_is_told_and_not_kept(matrix, name):
    complaints, outcomes = matrix.run(CASES[name], ["500", "HTML"], share=SHARE, on_error="skip")
    assert not complaints, "\n".join(complaints)
    assert outcomes["skipped"] and not outcomes["error"], outcomes
