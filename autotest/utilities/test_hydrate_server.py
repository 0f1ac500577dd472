"""`topobathy hydrate --url`: a job on a server is submitted and followed, and faults of the server are told."""

import json
import signal
import ssl
import subprocess
import time

import pytest

import hydration_server
from hydration_by_server import begin, BOX, COMPLETED, few_tries, hydrate, JOB, job_of, PENDING, running, server, states, wait_until  # noqa: F401

# Submitting

def test_the_order_is_the_references_body(hydrate, server, tmp_path):
    server.script.states = [COMPLETED]
    policy = tmp_path / "policy.yaml"
    policy.write_text("name: café\nvariables: []\n", encoding="utf-8")
    hydrate("fuse", *BOX, "-r", 15, "-c", policy, "-w", 3)
    method, path, body, authorization = server.requests[0]
    assert (method, path, authorization) == ("POST", "/hydrate", None)
    assert body == {"bbox": list(BOX), "resolution": 15.0, "max_workers": 3,
                    "policy_yaml": "name: café\nvariables: []\n"}


def test_what_is_not_given_the_server_decides(hydrate, server):
    server.script.states = [COMPLETED]
    hydrate("fuse", *BOX, "-z", 13)
    assert server.requests[0][2] == {"bbox": list(BOX), "zoom": 13}


def test_the_token_is_sent_with_everything(hydrate, server, tmp_path):
    token = tmp_path / "token"
    token.write_text("s3cret-1\n", encoding="ascii")
    server.script.states = [running(1), COMPLETED]
    hydrate("fuse", *BOX, "--token-file", token)
    server.script.sockets = False
    server.script.states = [running(1), COMPLETED]
    hydrate("fuse", *BOX, "--token-file", token)
    assert {authorization for *_, authorization in server.requests} == {"Bearer s3cret-1"}
    assert any(path.endswith("/ws") for _, path, *_ in server.requests)


@pytest.mark.parametrize("body, message", [
    ({"detail": [{"loc": ["body", "bbox"], "msg": "field required", "type": "value_error.missing"},
                 {"loc": ["body", "max_workers"], "msg": "must be less than 17"}]},
     "HTTP 422: bbox: field required; max_workers: must be less than 17"),
    ({"detail": "the box is too large"}, "HTTP 422: the box is too large"),
    ({"error": "no"}, "HTTP 422: no"),
    ("<h1>Un\x1bprocessable</h1>\n", "HTTP 422: <h1>Un?processable</h1>"),
    ("", "HTTP 422"),
])
def test_a_refused_order_says_why(hydrate, server, body, message):
    server.script.submit = [(422, body)]
    process = hydrate("fuse", *BOX, status=1)
    assert process.stderr.strip() == f"topobathy: {server.url} does not take the job: {message}"
    assert len(server.requests) == 1


def test_a_busy_server_is_asked_again_when_it_says(hydrate, server):
    server.script.states = [COMPLETED]
    server.script.submit = [(429, {"detail": "queue full"}, {"Retry-After": "1"}), (503, "", {"Retry-After": "1"})]
    begun = time.monotonic()
    hydrate("fuse", *BOX)
    assert time.monotonic() - begun >= 2
    assert len(server.jobs) == 1 and [path for _, path, *_ in server.requests][:3] == ["/hydrate"] * 3


def test_a_server_that_stays_busy(hydrate, server):
    server.script.submit = [(429, {"detail": "queue full"})] * 5
    process = hydrate("fuse", *BOX, status=1)
    assert process.stderr.strip().endswith("does not take the job: HTTP 429: queue full")
    assert len(server.requests) == 3


def test_an_order_that_may_have_arrived_is_not_sent_twice(hydrate, server):
    server.script.submit = [(500, {"detail": "Internal Server Error"})]
    hydrate("fuse", *BOX, status=1)
    assert len(server.requests) == 1


@pytest.mark.parametrize("reply", [(200, "{"), (200, []), (200, {"job_id": "../../etc"}), (200, {"status": "accepted"})])
def test_an_answer_without_a_job(hydrate, server, reply):
    server.script.submit = [reply]
    process = hydrate("fuse", *BOX, status=1)
    assert process.stderr.strip() == (f"topobathy: {server.url} answers, but names no job: is this a server of "
                                      "topobathy?")


def test_nobody_there(run_tool):
    with hydration_server.serving() as server:
        url = server.url
    process = run_tool("topobathy", "hydrate", "fuse", *BOX, "--url", url, check=False)
    assert process.returncode == 1
    assert process.stderr.startswith(f"topobathy: no answer from {url}: ")
    assert process.stderr.strip().endswith("after 3 tries")


# Following

@pytest.mark.parametrize("options", [[], ["--no-ws"]])
def test_a_job_is_followed_to_its_end(hydrate, server, options):
    server.script.states = [PENDING, running(2), COMPLETED]
    process = hydrate("fuse", *BOX, "--progress=json", *options)
    seen = states(process)
    assert seen[0]["status"] == "pending" and seen[-1]["status"] == "completed"
    assert (seen[-1]["processed_cells"], seen[-1]["cached_cells"], seen[-1]["total_cells"]) == (6, 2, 8)
    assert {state["event"] for state in seen} == {"state"} and {state["id"] for state in seen} == {job_of(server)}
    assert process.stderr == f"job {job_of(server)} at {server.url}\n"
    assert server.listeners == (0 if options else 1)
    assert bool(server.polls()) == bool(options)
    assert server.open_listeners == 0


def test_the_bar_is_that_of_local_work(hydrate, server):
    server.script.states = [running(2), COMPLETED]
    process = hydrate("fuse", *BOX, "--progress=bar")
    assert "2 of 8 cells: 2 made, 0 cached, 0 failed; " in process.stderr
    assert process.stderr.endswith("completed: 8 of 8 cells: 6 made, 2 cached, 0 failed\n")


def test_the_servers_own_socket_is_taken(hydrate, server):
    server.script.states = [COMPLETED]
    server.script.reply = {"ws": "/elsewhere/{id}?a=1"}
    hydrate("fuse", *BOX)
    assert ("GET", f"/elsewhere/{job_of(server)}?a=1", None, None) in server.requests


@pytest.mark.parametrize("address", ["ws://evil.example/x", "//evil.example/x", "/elsewhere/{id} HTTP/1.1\r\nX: y"])
def test_a_socket_elsewhere_is_not(hydrate, server, address):
    server.script.states = [COMPLETED]
    server.script.reply = {"ws": address}
    hydrate("fuse", *BOX)
    assert server.polls() + server.listeners > 0
    assert all("X: y" not in path for _, path, *_ in server.requests)


def test_without_a_socket_it_asks(hydrate, server):
    server.script.sockets = False
    server.script.states = [running(1), COMPLETED]
    process = hydrate("fuse", *BOX)
    assert "no WebSocket (the server refuses the WebSocket: " in process.stderr
    assert "): asking every 2 s\n" in process.stderr
    assert server.polls() == 2


@pytest.mark.parametrize("frames, why", [
    ([None], "the WebSocket is closed: "),
    ([json.dumps(running(1)), None], "the WebSocket is closed: "),
    (["{\"status\":"], "the WebSocket says '{\"status\":'"),
    (["[" * 100_000], "the WebSocket says '[[["),
    ([json.dumps({"status": "dancing"})], "the WebSocket says "),
    ([json.dumps({**running(1), "id": JOB})], "the WebSocket says "),
    ([json.dumps({**running(1), "log": "x" * 2**21})], "the WebSocket is closed: "),
])
def test_a_socket_that_breaks_is_followed_by_asking(hydrate, server, frames, why):
    server.script.frames = frames
    server.script.states = [running(4), COMPLETED]
    process = hydrate("fuse", *BOX)
    assert f"no WebSocket ({why}" in process.stderr
    assert server.listeners == 1 and server.polls() > 0


def test_unknown_fields_and_missing_ones(hydrate, server):
    server.script.states = [{"status": "running", "gpu": [1, {"a": None}], "zoom": None, "total_cells": None},
                            {"status": "completed", "total_cells": 3, "processed_cells": 3.0, "bbox": "here",
                             "error": None}]
    *_, end = states(hydrate("fuse", *BOX, "--progress=json"))
    assert end["status"] == "completed" and end["processed_cells"] == 3 and end["failed_cells"] == 0


@pytest.mark.parametrize("options", [[], ["--no-ws"]])
@pytest.mark.parametrize("end", [
    {**running(3), "status": "failed", "error": "no such policy"},
    {**running(3), "status": "cancelled", "error": "Cancelled by user"},
    {**running(6), "status": "completed", "failed_cells": 2},
])
def test_an_end_that_is_no_success(hydrate, server, end, options):
    server.script.states = [running(1), end]
    process = hydrate("fuse", *BOX, *options, status=1)
    assert f"\n{end['status']}: " in process.stderr
    assert end.get("error", "2 failed") in process.stderr


def test_the_socket_of_a_job_that_is_gone(hydrate, server):
    server.script.states = [COMPLETED]
    server.script.frames = [json.dumps({"error": "Job not found", "status": "failed"})]
    assert "(Job not found)" in hydrate("fuse", *BOX, status=1).stderr


def test_a_job_that_is_forgotten(hydrate, server):
    server.script.states = [running(1)]
    server.script.get = [None, (404, {"detail": "Job not found"})]
    process = hydrate("fuse", *BOX, "--no-ws", status=1)
    assert process.stderr.splitlines()[-1] == (
        f"topobathy: the server does not know job {job_of(server)} any more")


def test_a_passing_fault_while_it_asks(hydrate, server):
    server.script.states = [running(1), COMPLETED]
    server.script.get = [(503, ""), (200, "<html>"), (429, "", {"Retry-After": "1"})]
    hydrate("fuse", *BOX, "--no-ws")


def test_answers_that_are_no_state(hydrate, server):
    server.script.states = [running(1)]
    server.script.get = [(200, "<html>\n")] * 9
    process = hydrate("fuse", *BOX, "--no-ws", status=1)
    job = job_of(server)
    assert process.stderr.splitlines()[-1] == (
        f"topobathy: the server's answer is no state of job {job}: '<html> '; job {job} may go on: topobathy hydrate "
        f"jobs {job} --url {server.url}")
    assert server.polls() == 5


@pytest.mark.parametrize("options", [[], ["--no-ws"]])
def test_a_server_that_dies(server, options):
    server.script.states = [running(1)]
    process = begin("fuse", *BOX, "--url", server.url, *options)
    wait_until(lambda: server.listeners or server.polls())
    server.stop()
    _, errors = process.communicate(timeout=60)
    job = job_of(server)
    assert process.returncode == 1
    assert errors.splitlines()[-1].startswith(f"topobathy: no answer from {server.url}: ")
    assert errors.endswith(f"after 3 tries; job {job} may go on: topobathy hydrate jobs {job} --url {server.url}\n")


@pytest.mark.parametrize("options", [[], ["--no-ws"]])
def test_an_interrupt_ends_the_following_alone(server, options):
    server.script.states = [running(1)]
    process = begin("fuse", *BOX, "--url", server.url, *options)
    wait_until(lambda: server.listeners or server.polls())
    process.send_signal(signal.SIGINT)
    begun = time.monotonic()
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130 and time.monotonic() - begun < 3
    job = job_of(server)
    assert errors.endswith(
        f"job {job} goes on; to cancel it: topobathy hydrate cancel {job} --url {server.url}\n")
    assert server.state(job)["status"] == "running"
    wait_until(lambda: server.open_listeners == 0)


# Jobs of a server

def test_jobs_are_listed_and_cancelled(hydrate, server):
    server.script.states = [running(1)]
    server.jobs = {JOB: 0}
    assert f"{JOB}  running" in hydrate("jobs").stdout
    assert json.loads(hydrate("jobs", JOB, "--json").stdout)["jobs"][0]["processed_cells"] == 1
    assert hydrate("cancel", JOB).stdout == f"job {JOB} is asked to stop\n"
    assert hydrate("cancel", JOB).stdout == f"job {JOB} has ended already\n"
    assert [request[:2] for request in server.requests[-2:]] == [("DELETE", f"/hydrate/{JOB}")] * 2


def test_a_job_that_nobody_knows(hydrate, server):
    for verb in ("jobs", "cancel"):
        process = hydrate(verb, JOB, status=1)
        assert process.stderr.strip() == f"topobathy: {server.url} knows no job {JOB}"
        assert "is no id of a job" in hydrate(verb, "../x", status=2).stderr


# TLS

@pytest.fixture
def certificate(tmp_path):
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days",
                    "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], check=True,
                   capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(cert, key)
    return tls, cert


def test_wss(certificate, run_tool):
    tls, cert = certificate
    with hydration_server.serving(tls) as server:
        server.script.states = [running(1), COMPLETED]
        process = run_tool("topobathy", "hydrate", "fuse", *BOX, "--url", server.url, env={"CURL_CA_BUNDLE": str(cert)})
        assert server.listeners == 1 and server.polls() == 0, process.stderr


def test_a_certificate_that_nobody_signed(certificate, run_tool):
    tls, _ = certificate
    with hydration_server.serving(tls) as server:
        process = run_tool("topobathy", "hydrate", "fuse", *BOX, "--url", server.url, check=False)
        assert process.returncode == 1 and not server.requests
        assert "certificate" in process.stderr


# Refusals

@pytest.mark.parametrize("arguments, message", [
    (("fuse", *BOX, "--url", "localhost:9595"),
     "--url localhost:9595: give the server's address, such as http://127.0.0.1:9595"),
    (("fuse", *BOX, "--url", "ftp://a"), "--url ftp://a: give the server's address, such as http://127.0.0.1:9595"),
    (("fuse", *BOX, "--url", "http://me:secret@a"),
     "--url: user and password are not sent; give a token with --token-file"),
    (("fuse", "--url", "http://a"), "no area: give west south east north"),
    (("fuse", *BOX, "--url", "http://a", "--levels", "3"), "--levels has no meaning with --url: leave it out"),
    (("fuse", *BOX, "--url", "http://a", "--shard", "1/2"), "--shard has no meaning with --url: leave it out"),
    (("fuse", *BOX, "--url", "http://a", "--resume", JOB), "--resume has no meaning with --url: leave it out"),
    (("tiles", *BOX, "--url", "http://a", "-c", "p.yaml"),
     "--policy has no meaning with --url: the server draws its own"),
    (("tiles", *BOX, "--url", "http://a", "--dry-run"), "--dry-run has no meaning with --url: leave it out"),
    (("fuse", *BOX, "-c", "p.yaml", "--no-ws"), "--no-ws is about a server: give its --url too"),
    (("fuse", 10, 5, 20, 1, "--url", "http://a"), "the box is upside down or flat"),
])
def test_refusals(run_tool, arguments, message):
    process = run_tool("topobathy", "hydrate", *arguments, check=False)
    assert process.returncode == 2
    assert process.stderr.startswith(f"topobathy: {message}")


def test_a_token_file_without_a_token(run_tool, tmp_path):
    token = tmp_path / "token"
    for content in ("", "two words\n", "naïve\n"):
        token.write_text(content, encoding="utf-8")
        process = run_tool("topobathy", "hydrate", "fuse", *BOX, "--url", "http://127.0.0.1:1", "--token-file", token,
                           check=False)
        assert process.returncode == 2
        assert process.stderr.strip() == (f"topobathy: the token file '{token}' holds no token in its first line: one "
                                          "word of ASCII characters")
