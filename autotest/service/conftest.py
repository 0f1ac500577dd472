"""Fixtures of the tests of the service: the program itself, and its server with routes of tests."""

import pytest

import places
import service


@pytest.fixture
def started():
    """started(program, *arguments): a service that ends with the test, and ends well."""
    running = []

    def start(program, *arguments, **more):
        running.append(service.start(program, *arguments, **more))
        return running[-1]

    yield start
    for one in running:
        was_running = one.process.poll() is None
        assert one.stop() == 0 or not was_running, "".join(one.lines[-20:])


@pytest.fixture
def serve(started):
    """serve(*arguments): `topobathy serve` on a free port."""
    return lambda *arguments, **more: started(places.PROGRAM, *arguments, **more)


@pytest.fixture
def serve_test_routes(started):
    """serve_test_routes(*arguments): the same server with the routes of autotest/tools/serve_test_routes.cpp."""
    return lambda *arguments, **more: started(service.TEST_PROGRAM, *arguments, **more)


@pytest.fixture(scope="module")
def one_worker():
    """The server with the routes of tests, one worker, for a whole file; its tests leave it as it was."""
    running = service.start(service.TEST_PROGRAM, "--workers", 1, "--head-ms", 700, "--idle-seconds", 2)
    yield running
    assert running.stop() == 0, "".join(running.lines[-20:])
