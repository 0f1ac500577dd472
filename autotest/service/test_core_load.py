"""Heavy work, connections, workers that die, the end of the service."""

import concurrent.futures
import contextlib
import http.client
import os
import signal
import socket
import threading
import time

import service


def heavy_statuses(running, count, query):
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return [answer.status for answer in pool.map(lambda i: running.get(f"/heavy?{query}&i={i}"), range(count))]


def test_heavy_work_beyond_the_queue_is_refused_at_once(serve_test_routes):
    running = serve_test_routes("--workers", 1, "--limit", "heavy_at_once=2", "--limit", "heavy_waiting=3")
    begun = time.monotonic()
    statuses = heavy_statuses(running, 12, "ms=1500")
    assert sorted(statuses) == [200] * 5 + [503] * 7
    assert time.monotonic() - begun < 12
    assert running.get("/heavy").status == 200


def test_quick_requests_do_not_wait_for_heavy_ones(serve_test_routes):
    running = serve_test_routes("--workers", 1, "--limit", "heavy_at_once=1")
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        slow = [pool.submit(running.get, "/heavy?ms=3000") for _ in range(3)]
        time.sleep(0.3)
        begun = time.monotonic()
        assert running.get("/told/a").status == 200
        assert running.get("/ready").status == 200, "a heavy route's answer that is at hand"
        assert running.metric("topobathy_heavy_running") == 1
        assert running.metric("topobathy_heavy_waiting") == 2
        assert time.monotonic() - begun < 2.5
        assert [one.result().status for one in slow] == [200] * 3
    assert running.metric("topobathy_heavy_running") == running.metric("topobathy_heavy_waiting") == 0


def test_who_waits_too_long_is_told(serve_test_routes):
    running = serve_test_routes("--workers", 1, "--limit", "heavy_at_once=1", "--limit", "heavy_wait_seconds=1")
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        slow = pool.submit(running.get, "/heavy?ms=3000")
        time.sleep(0.3)
        begun = time.monotonic()
        answer = running.get("/heavy")
        assert answer.status == 503 and int(answer.headers["retry-after"]) > 0
        assert 0.8 < time.monotonic() - begun < 2.9
        assert slow.result().status == 200


def test_work_is_told_when_nobody_waits_for_it(serve_test_routes):
    running = serve_test_routes("--workers", 1, "--limit", "heavy_at_once=1")
    clients = [socket.create_connection(("127.0.0.1", running.port)) for _ in range(3)]
    for client in clients:
        client.sendall(b"GET /until_gone HTTP/1.1\r\nHost: localhost\r\n\r\n")
    time.sleep(0.3)
    for client in clients:
        client.close()
    deadline = time.monotonic() + 3
    while running.get("/counts").json()["noticed"] < 1:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert running.get("/heavy").status == 200, "the place is free, and those that waited are gone"
    assert running.get("/counts").json()["noticed"] == 1


def test_idle_connections_make_place_for_new_ones(serve_test_routes):
    running = serve_test_routes("--workers", 1, "--limit", "connections=20")
    idle = [socket.create_connection(("127.0.0.1", running.port), timeout=5) for _ in range(60)]
    try:
        for _ in range(5):
            assert running.get("/health").status == 200
        assert running.metric("topobathy_connections") <= 21
    finally:
        for client in idle:
            client.close()


def test_busy_connections_keep_others_waiting_not_failing(serve_test_routes):
    running = serve_test_routes("--workers", 1, "--limit", "connections=4", "--limit", "heavy_at_once=8")
    for _ in range(5):
        assert heavy_statuses(running, 12, "ms=50") == [200] * 12


class Load:
    """Clients that ask all the time, each on connections of its own."""

    def __init__(self, running, clients, path="/told/a?ms=5"):
        self.running, self.path = running, path
        self.ended = threading.Event()
        self.answered, self.broken, self.wrong = [], [], []
        self.threads = [threading.Thread(target=self.ask) for _ in range(clients)]
        for thread in self.threads:
            thread.start()

    def ask(self):
        while not self.ended.is_set():
            with self.running.connection(10) as connection:
                pid = None
                try:
                    for _ in range(50):
                        answer = service.ask(connection, "GET", self.path)
                        pid = answer.json()["pid"]
                        (self.answered if answer.status == 200 else self.wrong).append(pid)
                        if self.ended.is_set():
                            return
                except (OSError, http.client.HTTPException) as error:
                    self.broken.append((pid, repr(error)))

    def end(self):
        self.ended.set()
        for thread in self.threads:
            thread.join()


def test_a_killed_worker_takes_only_its_own_connections_with_it(serve_test_routes):
    running = serve_test_routes("--workers", 3)
    clients = 12
    load = Load(running, clients)
    killed = []
    for _ in range(5):
        time.sleep(0.7)
        killed.append(running.workers()[0])
        os.kill(killed[-1], signal.SIGKILL)
    time.sleep(1)
    load.end()
    assert len(load.answered) > 1000 and not load.wrong
    # A connection breaks at most once for each kill; one that has had an answer knows whose it was.
    assert len(load.broken) <= clients * len(killed)
    for pid, error in load.broken:
        assert pid is None or pid in killed, error
    assert sum(pid is None for pid, _ in load.broken) <= clients // 2, "new connections go to the living"
    running.wait_for_log("worker_ready", 3 + len(killed))
    assert running.metric("topobathy_worker_crashes_total") == len(killed)
    assert len(running.workers()) == 3
    assert {entry["how"] for entry in running.log("worker_died")} == {"signal 9 (Killed)"}


def test_a_crash_in_a_handler_costs_one_worker(serve_test_routes):
    running = serve_test_routes("--workers", 2)
    with contextlib.suppress(OSError, http.client.HTTPException):
        running.ask("POST", "/crash")
    for _ in range(20):
        assert running.get("/told/a").status == 200
    died = running.wait_for_log("worker_died")[0]
    assert died["how"].startswith("signal 11")
    running.wait_for_log("worker_ready", 3)


def test_workers_are_replaced_after_so_many_requests_and_nobody_notices(serve_test_routes):
    running = serve_test_routes("--workers", 2, "--limit-max-requests", 100)
    load = Load(running, 6, "/told/a")
    time.sleep(4)
    load.end()
    assert load.broken == [] and load.wrong == []
    assert len(set(load.answered)) > 4
    assert running.metric("topobathy_worker_recycles_total") > 2
    assert running.metric("topobathy_worker_crashes_total") == 0
    assert running.metric("topobathy_connections") < 100, "no count has gone below zero"


def test_what_runs_is_answered_at_the_end(serve_test_routes):
    running = serve_test_routes("--workers", 2)
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        slow = [pool.submit(running.get, "/heavy?ms=2500") for _ in range(6)]
        running_before = time.monotonic()
        time.sleep(1)
        running.process.send_signal(signal.SIGTERM)
        answers = [one.result() for one in slow]
    assert [answer.status for answer in answers] == [200] * 6
    assert all(answer.headers["connection"] == "close" for answer in answers)
    assert running.process.wait(10) == 0
    assert time.monotonic() - running_before < 15
    try:
        socket.create_connection(("127.0.0.1", running.port), timeout=1).close()
        raise AssertionError("it still listens")
    except ConnectionRefusedError:
        pass


def test_interrupt_ends_it_too(serve_test_routes):
    running = serve_test_routes("--workers", 2)
    assert running.stop(signal.SIGINT, 10) == 0


def test_what_does_not_end_in_time_is_ended(serve_test_routes):
    running = serve_test_routes("--workers", 1, "--leave-seconds", 1)
    with contextlib.suppress(OSError, http.client.HTTPException), running.connection() as connection:
        connection.request("GET", "/heavy?ms=20000")
        time.sleep(0.3)
        begun = time.monotonic()
        assert running.stop(seconds=15) == 1
        assert 0.8 < time.monotonic() - begun < 10
    assert running.log("stopped_late")


def test_a_second_signal_ends_it_at_once(serve_test_routes):
    running = serve_test_routes("--workers", 1)
    with contextlib.suppress(OSError, http.client.HTTPException), running.connection() as connection:
        connection.request("GET", "/heavy?ms=20000")
        time.sleep(0.3)
        running.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        begun = time.monotonic()
        assert running.stop(signal.SIGINT, 10) == 1
        assert time.monotonic() - begun < 3


def test_no_worker_outlives_the_supervisor(serve_test_routes):
    running = serve_test_routes("--workers", 2)
    workers = running.workers()
    running.process.kill()
    running.process.wait()
    deadline = time.monotonic() + 10
    while any(os.path.exists(f"/proc/{pid}") and "State:\tZ" not in open(f"/proc/{pid}/status").read()
              for pid in workers):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_workers_that_cannot_begin_end_the_service():
    running = service.Service([str(service.TEST_PROGRAM), "--port", "0", "--workers", "1", "--stillborn"], {})
    assert running.process.wait(60) == 1
    running._reader.join()
    assert running.log("gave_up") and len(running.log("worker_failed")) == 5
    assert running.log("worker_failed")[0]["reason"] == "this worker cannot begin"
