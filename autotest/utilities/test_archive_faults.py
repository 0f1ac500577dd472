"""Faults of the archives on loopback happen as planned, and only there."""

import http.client
import socket
import threading
import time
import urllib.error
import zlib

import pytest

from archive_client import ask

URL = "https://copernicus-dem-30m.s3.amazonaws.com/tileList.txt"
OTHER = "https://copernicus-dem-30m.s3.amazonaws.com/readme.html"


def test_the_nth_request_fails_whatever_it_is(archive):
    archive.faults.add(nth=3, kind="status", status=500)
    assert [ask(archive, url).status for url in (URL, OTHER, OTHER, URL)] == [200, 200, 500, 200]


def test_only_what_matches_fails(archive):
    fault = archive.faults.add("tileList", kind="status", status=403)
    assert [ask(archive, url).status for url in (OTHER, URL, URL)] == [200, 403, 403]
    assert fault.hit == 2


def test_some_in_a_row_and_by_method(archive):
    archive.faults.add("tileList", nth=2, times=2, status=503)
    archive.faults.add(method="HEAD", status=404)
    assert [ask(archive, URL).status for _ in range(4)] == [200, 503, 503, 200]
    assert [ask(archive, OTHER, method).status for method in ("HEAD", "GET")] == [404, 200]


def test_reset_forgets(archive):
    archive.faults.add(status=500)
    archive.reset()
    assert ask(archive, URL).status == 200
    assert archive.log.count() == 1


def test_unknown_kinds_are_refused(archive):
    with pytest.raises(ValueError, match="no fault 'stuats': status, delay, slow"):
        archive.faults.add(kind="stuats")


def test_too_many_requests(archive):
    archive.faults.add(status=429, retry_after=7, nth=1)
    refused = ask(archive, URL)
    assert (refused.status, refused.headers["Retry-After"]) == (429, "7")


def test_less_comes_than_was_promised(archive):
    archive.faults.add(kind="cut", nth=1)
    with pytest.raises(http.client.IncompleteRead):
        ask(archive, URL)
    (entry,) = archive.log.find(status=200)
    assert entry.fault == "cut"
    assert ask(archive, URL).status == 200


def test_huge_declares_what_no_disk_has(archive):
    archive.faults.add(kind="huge", times=2)
    connection = http.client.HTTPConnection("127.0.0.1", archive.port)
    connection.request("GET", URL.removeprefix("https:/"))
    assert connection.getresponse().headers["Content-Length"] == "1000000000000000"
    connection.close()
    assert ask(archive, URL, Range="bytes=0-3").headers["Content-Range"] == "bytes 0-3/1000000000000000"


def test_short_and_wrong_length_are_whole_for_http(archive):
    whole = ask(archive, URL).body
    archive.faults.add(kind="short", nth=1, keep=5)
    archive.faults.add(kind="wrong_length", nth=2)
    assert ask(archive, URL).body == whole[:5]
    assert ask(archive, URL).body == whole[:-7]


def test_garbage_is_as_long(archive):
    whole = ask(archive, URL).body
    archive.faults.add(kind="garbage", nth=1)
    spoilt = ask(archive, URL).body
    assert len(spoilt) == len(whole) and spoilt != whole


def test_bodies_of_another_kind(archive):
    archive.faults.add(kind="html", nth=1)
    archive.faults.add(kind="error_body", nth=2)
    archive.faults.add(kind="instead", nth=3, body=b"{", content_type="application/json")
    page, error, own = (ask(archive, URL) for _ in range(3))
    assert page.headers["Content-Type"].startswith("text/html") and page.text.startswith("<!DOCTYPE html")
    assert (error.status, error.json["error"]["code"]) == (200, 400)
    assert (own.body, own.headers["Content-Type"]) == (b"{", "application/json")


def test_redirects(archive):
    archive.faults.add(kind="redirect", nth=1)
    archive.faults.add(kind="redirect", nth=2, to="https://prd-tnm.s3.amazonaws.com/x", status=301)
    archive.faults.add(kind="redirect", nth=3, to="")
    found = [(answer.status, answer.headers["Location"]) for answer in (ask(archive, URL) for _ in range(3))]
    assert found == [(302, "https://elsewhere.example/file"), (301, "https://prd-tnm.s3.amazonaws.com/x"), (302, URL)]


def test_etags_change(archive):
    archive.faults.add(kind="changing_etag")
    assert len({ask(archive, URL).headers["ETag"] for _ in range(3)}) == 3


def test_an_expired_signature(archive):
    archive.faults.add(kind="expired", nth=1)
    refused = ask(archive, URL)
    assert refused.status == 403 and b"AuthenticationFailed" in refused.body


def test_a_bomb_is_small_until_it_is_unpacked(archive):
    archive.faults.add(kind="gzip_bomb", nth=1, gigabytes=1)
    answer = ask(archive, URL)
    assert answer.headers["Content-Encoding"] == "gzip" and len(answer.body) < 2e6
    unpacked, unpacker, rest = 0, zlib.decompressobj(31), answer.body
    while rest and unpacked < 1 << 28:
        unpacked += len(unpacker.decompress(rest, 1 << 24))
        rest = unpacker.unconsumed_tail
    assert unpacked == 1 << 28


def test_an_endless_body(archive):
    archive.faults.add(kind="endless", nth=1, block=1000)
    connection = http.client.HTTPConnection("127.0.0.1", archive.port)
    connection.request("GET", URL.removeprefix("https:/"))
    answer = connection.getresponse()
    assert len(answer.read(100_000)) == 100_000
    connection.close()


def test_a_slow_body_takes_its_time(archive):
    size = len(ask(archive, URL).body)
    archive.faults.add(kind="slow", nth=1, rate=size / 0.4)
    start = time.monotonic()
    assert len(ask(archive, URL).body) == size
    assert time.monotonic() - start > 0.3


def test_hanging_and_stalling_outlast_the_client(archive):
    archive.faults.add(kind="hang", nth=1)
    archive.faults.add(kind="stall", nth=2)
    for _ in range(2):
        with pytest.raises((TimeoutError, socket.timeout, urllib.error.URLError)):
            ask(archive, URL, timeout=0.2)
    assert ask(archive, URL).status == 200


def test_a_reset_frees_who_hangs(archive):
    archive.faults.add(kind="hang", nth=1)
    ended = []

    def wait():
        with pytest.raises((ConnectionError, http.client.HTTPException, urllib.error.URLError)):
            ask(archive, URL)
        ended.append(True)

    thread = threading.Thread(target=wait)
    thread.start()
    while archive.log.count() == 0:
        time.sleep(0.01)
    archive.faults.reset()
    thread.join(5)
    assert ended


def test_a_dropped_connection(archive):
    archive.faults.add(kind="drop", nth=1)
    with pytest.raises((ConnectionError, urllib.error.URLError)):
        ask(archive, URL)
    assert archive.log.find()[0].status == 0


def test_what_a_test_makes_up(archive):
    def shout(request, answer):
        answer.body = answer.body.upper()
        return answer

    archive.faults.add(kind="call", nth=1, function=shout)
    assert ask(archive, URL).text.startswith("COPERNICUS_DSM")


def test_a_delay_is_all_that_goes_wrong(archive):
    archive.faults.add(kind="delay", seconds=0.2)
    start = time.monotonic()
    threads = [threading.Thread(target=ask, args=(archive, URL)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0.2 <= time.monotonic() - start
    assert archive.log.count(status=200) == 3
    assert archive.log.most_at_once() == 3
    assert archive.log.most_at_once("readme") == 0


def test_gone_ends_open_connections_too(archive):
    connection = http.client.HTTPConnection("127.0.0.1", archive.port)
    connection.request("GET", URL.removeprefix("https:/"))
    connection.getresponse().read()
    with archive.gone():
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            connection.request("GET", URL.removeprefix("https:/"))
            connection.getresponse()
        connection.close()
    assert archive.log.count() == 1


def test_a_fault_stays_planned_while_the_archive_is_gone(archive):
    archive.faults.add(nth=1, status=500)
    with archive.gone():
        pass
    assert ask(archive, URL).status == 500
