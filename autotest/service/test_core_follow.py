"""WebSockets and streams of events: what changes is told, once, and nothing else."""

import asyncio
import json
import resource
import socket
import time

import aiohttp
import pytest

import service


async def next_message(web_socket, seconds):
    # receive(timeout=...) begins anew with each ping.
    return await asyncio.wait_for(web_socket.receive(), seconds)


async def frames_of(running, path, **more):
    """Texts until the server closes, and how it closes."""
    async with aiohttp.ClientSession() as session, session.ws_connect(running.url + path, **more) as web_socket:
        texts = []
        while True:
            message = await next_message(web_socket, 20)
            if message.type != aiohttp.WSMsgType.TEXT:
                return texts, web_socket.close_code
            texts.append(json.loads(message.data))


def follow(running, path, **more):
    return asyncio.run(frames_of(running, path, **more))


def events_of(running, path):
    """The body of a stream that ends, without its signs of life."""
    return running.get(path).body.decode().replace(": still here\n\n", "")


def test_every_change_is_a_frame_and_the_end_closes(one_worker):
    texts, code = follow(one_worker, "/count/a/ws?most=4&every=200")
    assert texts[0] == {"count": 0} and texts[-1] == {"count": 4} and code == 1000
    counts = [text["count"] for text in texts]
    assert counts == sorted(set(counts)), "each is told once"


def test_frames_come_only_on_change(one_worker):
    async def look():
        async with aiohttp.ClientSession() as session, \
                session.ws_connect(one_worker.url + "/count/still/ws?every=0") as web_socket:
            first = await next_message(web_socket, 5)
            with pytest.raises(asyncio.TimeoutError):
                await next_message(web_socket, 1.5)
            return json.loads(first.data)

    assert asyncio.run(look()) == {"count": 0}


def test_compression_is_not_spoken(one_worker):
    async def extensions():
        async with aiohttp.ClientSession() as session, \
                session.ws_connect(one_worker.url + "/count/still/ws?every=0", compress=15) as web_socket:
            return web_socket.compress

    assert asyncio.run(extensions()) == 0


def test_what_a_client_says_is_ignored_but_not_if_it_is_long(one_worker):
    async def talk(text):
        async with aiohttp.ClientSession() as session, \
                session.ws_connect(one_worker.url + "/count/still/ws?every=0") as web_socket:
            await next_message(web_socket, 5)
            await web_socket.send_str(text)
            try:
                return (await next_message(web_socket, 1)).type
            except asyncio.TimeoutError:
                return None

    assert asyncio.run(talk("hello")) is None
    assert asyncio.run(talk("a" * 5000)) in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)


def test_pings_keep_it_open_and_find_who_has_gone(one_worker):
    """The server's idle time is 2 s here: a client that answers pings stays, one that does not is closed."""
    async def stay():
        async with aiohttp.ClientSession() as session, \
                session.ws_connect(one_worker.url + "/count/still/ws?every=0") as web_socket:
            await next_message(web_socket, 5)
            with pytest.raises(asyncio.TimeoutError):
                await next_message(web_socket, 4)

    asyncio.run(stay())
    with socket.create_connection(("127.0.0.1", one_worker.port), timeout=10) as silent:
        silent.sendall(b"GET /count/still/ws?every=0 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                       b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        begun = time.monotonic()
        data = service.read_all(silent)
        assert data.startswith(b"HTTP/1.1 101 ") and b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in data
        assert b"\x89" in data, "a ping"
        assert 1 < time.monotonic() - begun < 10


def test_events(one_worker):
    text = events_of(one_worker, "/count/b/events?most=3&every=300")
    *events, end, rest = text.split("\n\n")
    assert end == "event: end\ndata: {}" and rest == ""
    assert events[0] == 'data: {"count":0}' and events[-1] == 'data: {"count":3}'
    assert len(set(events)) == len(events) > 2


def test_events_have_their_head_and_signs_of_life(one_worker):
    with one_worker.connection() as connection:
        connection.request("GET", "/count/still/events?every=0")
        answer = connection.getresponse()
        assert answer.getheader("content-type") == "text/event-stream"
        assert answer.getheader("cache-control") == "no-store"
        assert [answer.readline() for _ in range(2)] == [b'data: {"count":0}\n', b"\n"]
        assert answer.readline() == b": still here\n"
        assert one_worker.metric("topobathy_event_streams") == 1
        answer.close()
    deadline = time.monotonic() + 5
    while one_worker.metric("topobathy_event_streams") > 0:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("path", ["/count/absent/ws", "/count/absent/events"])
def test_what_is_not_there_is_refused_before(one_worker, path):
    if path.endswith("ws"):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            follow(one_worker, path)
        assert refused.value.status == 404
    else:
        assert one_worker.get(path).detail == "no such thing to follow"


def test_a_plain_request_is_told_to_upgrade(one_worker):
    answer = one_worker.get("/count/a/ws")
    assert answer.status == 426 and answer.headers["upgrade"] == "websocket"


@pytest.mark.parametrize("origin, status", [("http://evil.example", 403), ("null", 403), ("", 101)])
def test_pages_of_other_sites_cannot_listen(one_worker, origin, status):
    headers = {"Origin": origin or one_worker.url}
    if status == 101:
        assert follow(one_worker, "/count/c/ws?most=1&every=100", headers=headers)[1] == 1000
    else:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            follow(one_worker, "/count/c/ws", headers=headers)
        assert refused.value.status == status


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def test_a_thousand_idle_web_sockets_are_cheap(serve_test_routes):
    """One look serves all who follow the same; a second of a thousand costs some milliseconds."""
    running = serve_test_routes("--workers", 1)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))

    async def crowd(count, seconds):
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as session:
            sockets = [await session.ws_connect(running.url + "/count/still/ws?every=0", autoping=True)
                       for _ in range(count)]
            for web_socket in sockets:
                assert (await next_message(web_socket, 10)).type == aiohttp.WSMsgType.TEXT
            assert running.metric("topobathy_web_sockets") == count
            pid = running.workers()[0]
            looks, cpu = running.get("/counts").json()["looks"], cpu_seconds(pid)
            await asyncio.sleep(seconds)
            looks = running.get("/counts").json()["looks"] - looks
            cpu = cpu_seconds(pid) - cpu
            for web_socket in sockets:
                await web_socket.close()
            return looks / seconds, cpu / seconds

    try:
        looks, cpu = asyncio.run(crowd(1000, 4))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    print(f"1000 idle WebSockets: {looks:.1f} looks and {1000 * cpu:.1f} ms of CPU a second")
    assert looks < 30, "one timer for all"
    assert cpu < 0.2


def test_followers_are_told_when_the_server_ends(serve_test_routes):
    running = serve_test_routes("--workers", 1)

    async def wait():
        async with aiohttp.ClientSession() as session, \
                session.ws_connect(running.url + "/count/still/ws?every=0") as web_socket:
            await next_message(web_socket, 5)
            running.process.terminate()
            message = await next_message(web_socket, 5)
            return message.type, message.data

    assert asyncio.run(wait()) == (aiohttp.WSMsgType.CLOSE, 1001)
    assert running.process.wait(5) == 0
