"""Requests and answers of the server: form, limits, failures, conditional requests, connections."""

import glob
import json
import socket
import threading
import time

import pytest

import service


def get_text(path, *headers):
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", *headers, "", ""]).encode()


def test_addresses_are_decoded(one_worker):
    told = one_worker.get("/told/a%20b%C3%A9?x=1+2&y=%26").json()
    assert told["parts"] == ["a bé"] and told["query"] == {"x": "1 2", "y": "&"} and told["path"] == "/told/a bé"


@pytest.mark.parametrize("path", ["/told/%zz", "/told/%", "/told/%00", "/told/a?b=1&b=2", "/told/%2e%2e", "/told/a%2fb",
                                  "/told/%ff", "/told/..", "//told/a/../b"])
def test_malformed_addresses_are_refused(one_worker, path):
    answer = one_worker.get(path)
    assert answer.status == 400 and answer.detail


@pytest.mark.parametrize("text, status", [
    (b"NONSENSE\r\n\r\n", 400),
    (b"GET / HTTP/3.7\r\n\r\n", 400),
    (b"GET /health HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
    (b"GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n", 400),
    (b"GET http://localhost/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 400),
    (b"GET /health HTTP/1.1\r\nHost: localhost\r\nbad header\r\n\r\n", 400),
    (b"POST /told/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", 400),
    (b"POST /told/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
    (b"POST /told/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (b"POST /told/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\nGET /health HTTP/1.1\r\n\r\n", 400),
    (b"POST /told/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    (b"POST /told/a HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\na", 415),
    (b"POST /told/a HTTP/1.1\r\nHost: localhost\r\nExpect: wonders\r\nContent-Length: 1\r\n\r\na", 417),
    (get_text("/health", "X: " + "a" * 70000), 431),
    (get_text("/" + "a" * 70000), 431),
])
def test_what_is_no_request_is_refused_once_and_the_connection_ends(one_worker, text, status):
    answer = one_worker.raw(text)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode()), answer
    assert answer.count(b"\r\nServer: ") == 1 and b"Connection: close" in head
    assert json.loads(body)["detail"]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_beyond_the_limit_is_refused(one_worker, chunked):
    body = b"a" * ((1 << 20) + 1)
    data = (line for line in [body]) if chunked else body
    answer = one_worker.ask("POST", "/told/a", body=data)
    assert answer.status == 413 and "1048576" in answer.detail
    assert one_worker.ask("POST", "/told/a", body=body[:-1]).json()["body"] == "a" * (1 << 20)


def test_a_client_that_waits_to_be_asked_for_the_body(one_worker):
    with socket.create_connection(("127.0.0.1", one_worker.port), timeout=10) as client:
        client.sendall(b"POST /told/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"abc")
        assert b'"body":"abc"' in client.recv(10000)
        client.sendall(b"POST /told/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\nExpect: 100-continue\r\n\r\n")
        assert client.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_requests_one_behind_the_other_are_answered_in_order(one_worker):
    requests = b"".join(get_text(f"/told/{i}?ms={50 - 10 * i}") for i in range(5))
    answers = one_worker.raw(requests + get_text("/told/end", "Connection: close"))
    parts = [json.loads(piece.split(b"\r\n\r\n")[1].split(b"HTTP/1.1")[0])["parts"][0]
             for piece in answers.split(b"HTTP/1.1 200 OK")[1:]]
    assert parts == ["0", "1", "2", "3", "4", "end"]


def test_a_connection_is_kept(one_worker):
    with one_worker.connection() as connection:
        for i in range(20):
            assert service.ask(connection, "GET", f"/told/{i}").json()["parts"] == [str(i)]
        socket_before = connection.sock
        assert service.ask(connection, "GET", "/fail/usage").status == 400
        assert service.ask(connection, "GET", "/nothing").status == 404
        assert connection.sock is socket_before


def test_http_1_0(one_worker):
    answer = one_worker.raw(b"GET /told/a HTTP/1.0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200") and b"Connection: close" in answer


def test_head_has_the_length_and_no_body(one_worker):
    with one_worker.connection() as connection:
        for path in ("/told/a", "/file?bytes=100000", "/tagged"):
            get, head = (service.ask(connection, method, path) for method in ("GET", "HEAD"))
            assert head.status == 200 and head.body == b"" and get.body
            assert head.headers["content-length"] == get.headers["content-length"] == str(len(get.body))
        assert service.ask(connection, "GET", "/told/a").status == 200, "nothing was left in between"


@pytest.mark.parametrize("condition, status", [('"seven"', 304), ('W/"seven"', 304), ('"six", "seven"', 304), ("*", 304),
                                               ('"six"', 200)])
def test_what_the_client_has_is_not_sent_again(one_worker, condition, status):
    with one_worker.connection() as connection:
        answer = service.ask(connection, "GET", "/tagged", headers={"If-None-Match": condition})
        assert answer.status == status and answer.headers["etag"] == '"seven"'
        assert answer.headers["cache-control"] == "max-age=60"
        assert (answer.body == b"") == (status == 304)
        assert service.ask(connection, "GET", "/tagged").status == 200


def test_files_are_streamed_and_removed(one_worker):
    pid = one_worker.workers()[0]

    def resident():
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * 4096

    one_worker.get("/file?bytes=1000000")
    before = resident()
    with one_worker.connection() as connection:
        connection.request("GET", "/file?bytes=200000003&id=7")
        answer = connection.getresponse()
        assert answer.getheader("content-length") == "200000003"
        size, most = 0, 0
        while piece := answer.read(1 << 20):
            size += len(piece)
            most = max(most, resident())
    assert size == 200000003
    assert most - before < 20e6
    assert not glob.glob("/tmp/topobathy_test_body_*")


@pytest.mark.parametrize("how, status", [("usage", 400), ("source", 502), ("busy", 429), ("odd", 500), ("other", 500)])
def test_failures_name_no_place_of_the_server(one_worker, how, status):
    answer = one_worker.get(f"/fail/{how}")
    assert answer.status == status and answer.detail
    assert b"srv" not in answer.body and b"secret" not in answer.body
    if how == "busy":
        assert answer.headers["retry-after"] == "7"
    if how == "source":
        entry = one_worker.wait_for_log("request", id=answer.headers["x-request-id"])[0]
        assert "/srv/secret/file.tif" in entry["reason"]


def test_slow_heads_and_bodies_end_and_cost_nobody_else(one_worker):
    head, body = (socket.create_connection(("127.0.0.1", one_worker.port), timeout=10) for _ in range(2))
    body.sendall(b"POST /told/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")
    begun = time.monotonic()
    ended = {}

    def drip(name, client, text):
        try:
            for byte in text:
                client.sendall(bytes([byte]))
                time.sleep(0.1)
        except OSError:
            pass
        service.read_all(client)
        ended[name] = time.monotonic() - begun

    threads = [threading.Thread(target=drip, args=("head", head, get_text("/health", "X: " + "a" * 100))),
               threading.Thread(target=drip, args=("body", body, b"a" * 100))]
    for thread in threads:
        thread.start()
    for _ in range(10):
        assert one_worker.get("/health").status == 200
    for thread in threads:
        thread.join()
    assert 0.5 < ended["head"] < 8 and 0.5 < ended["body"] < 8
    head.close()
    body.close()


def test_an_idle_connection_ends(one_worker):
    with socket.create_connection(("127.0.0.1", one_worker.port), timeout=10) as client:
        begun = time.monotonic()
        assert client.recv(10) == b""
        assert 1 < time.monotonic() - begun < 8


def test_the_log_has_no_secrets(one_worker):
    answer = one_worker.get("/told/a?token=hidden&api_KEY=hidden&policy_yaml=" + "hidden" * 100 + "&lat=4",
                            Authorization="Bearer hidden")
    entry = one_worker.wait_for_log("request", id=answer.headers["x-request-id"])[0]
    assert "hidden" not in json.dumps(entry) and entry["query"]["lat"] == "4"
    assert entry["path"] == "/told/a" and entry["status"] == 200 and entry["bytes"] == len(answer.body)
    assert entry["method"] == "GET" and entry["ms"] >= 0 and entry["peer"] == "127.0.0.1"


def test_metrics_count(one_worker):
    name = "topobathy_http_requests_total"
    labels = {"method": "GET", "route": "/told/{what}", "status": "200"}
    before = one_worker.metric(name, **labels)
    one_worker.get("/told/a?ms=30")
    assert one_worker.metric(name, **labels) == before + 1
    buckets = "topobathy_http_request_duration_seconds_bucket"
    of_route = {"method": "GET", "route": "/told/{what}"}
    assert one_worker.metric(buckets, le="+Inf", **of_route) == one_worker.metric(
        "topobathy_http_request_duration_seconds_count", **of_route) > 0
    assert one_worker.metric(buckets, le="0.025", **of_route) < one_worker.metric(buckets, le="+Inf", **of_route)
