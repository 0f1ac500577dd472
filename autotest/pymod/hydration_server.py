"""The routes of hydration on loopback, as the Python system's service answers them, with faults by order of a test.

A job's states are what the test has prepared (`Script.states`); nothing is fused."""

import asyncio
import contextlib
import dataclasses
import json
import threading
import uuid

from aiohttp import WSMsgType, web

ENDED = ("completed", "failed", "cancelled")


@dataclasses.dataclass
class Script:
    """What the server does. Counters: how often it was asked."""

    states: list = dataclasses.field(default_factory=list)  # dicts without id, in order; the last stays
    submit: list = dataclasses.field(default_factory=list)  # (status, body, headers) instead of accepting, in order
    reply: dict = dataclasses.field(default_factory=dict)  # more of the answer to POST /hydrate
    get: list = dataclasses.field(default_factory=list)  # (status, body, headers) instead of the state, in order
    sockets: bool = True  # there is a WebSocket
    frames: list = dataclasses.field(default_factory=list)  # texts instead of states, in order; None closes
    tile: object = None  # (z, x, y, how often) -> (status, body, headers); None: a PNG's first bytes
    frame_seconds: float = 0.02


class Server:
    """What was asked, and the script that answers."""

    def __init__(self):
        self.script = Script()
        self.requests = []  # (method, path with query, body as JSON or None, Authorization or None)
        self.jobs = {}  # id: index of the state
        self.listeners = 0  # WebSockets that were opened
        self.open_listeners = 0
        self.asked_tiles = {}
        self.most_at_once = self.at_once = 0
        self.port = 0
        self.scheme = "http"
        self._loop = self._runner = None

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def polls(self):
        return sum(1 for method, path, *_ in self.requests if method == "GET" and path.startswith("/hydrate/")
                   and not path.endswith("/ws"))

    def state(self, job, step=True):
        """The job's state, as its file says it; each look goes on by one."""
        index = self.jobs[job]
        states = self.script.states
        if step:
            self.jobs[job] = min(index + 1, len(states) - 1)
        return {"id": job, "bbox": [-70.8, 42.96, -70.7, 43.04], "resolution": 30.0, "pid": 7, "pid_start_ticks": 9,
                "submitted_at": "2026-11-28T03:00:00+00:00", **states[index]}

    # routes

    @web.middleware
    async def note(self, request, handler):
        body = await request.text()
        self.requests.append((request.method, request.path_qs, json.loads(body) if body else None,
                              request.headers.get("Authorization")))
        return await handler(request)

    async def submit(self, request):
        if self.script.submit:
            return answer(self.script.submit.pop(0))
        job = str(uuid.uuid4())
        self.jobs[job] = 0
        body = json.loads(await request.text())
        return web.json_response({"status": "accepted", "message": "Hydration job submitted", "job_id": job,
                                  "bbox": body["bbox"], "resolution": body.get("resolution", 30.0),
                                  "timestamp": "2026-11-28T03:00:00+00:00",
                                  **{key: value.replace("{id}", job) for key, value in self.script.reply.items()}})

    async def list(self, _):
        return web.json_response([self.state(job, step=False) for job in self.jobs])

    async def get(self, request):
        if self.script.get:
            prepared = self.script.get.pop(0)
            if prepared:
                return answer(prepared)
        job = request.match_info["id"]
        if job not in self.jobs:
            return web.json_response({"detail": "Job not found"}, status=404)
        return web.json_response(self.state(job))

    async def cancel(self, request):
        job = request.match_info["id"]
        if job not in self.jobs:
            return web.json_response({"detail": "Job not found"}, status=404)
        state = self.state(job, step=False)
        if state["status"] in ENDED:
            return web.json_response({"status": state["status"], "message": "Job is not running"})
        self.script.states = [{**state, "status": "cancelled", "error": "Cancelled by user"}]
        self.jobs[job] = 0
        return web.json_response({"status": "cancelled", "job_id": job})

    async def listen(self, request):
        if not self.script.sockets:
            return web.json_response({"detail": "Not Found"}, status=404)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.listeners += 1
        self.open_listeners += 1
        try:
            await self.tell(socket, request.match_info["id"])
        finally:
            self.open_listeners -= 1
        return socket

    async def tell(self, socket, job):
        """The state whenever it has changed, until the job has ended or the client has gone."""
        told = None
        for text in self.script.frames:
            if text is None:
                await socket.close()
                return
            await socket.send_str(text)
        while not socket.closed:
            text = json.dumps(self.state(job)) if job in self.jobs else json.dumps(
                {"error": "Job not found", "status": "failed"})
            if text != told:
                await socket.send_str(text)
            told = text
            if json.loads(text)["status"] in ENDED:
                await socket.close()
                return
            with contextlib.suppress(asyncio.TimeoutError):
                message = await socket.receive(timeout=self.script.frame_seconds)
                if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.ERROR):
                    return

    async def tile(self, request):
        z, x, y = (int(request.match_info[name]) for name in "zxy")
        count = self.asked_tiles[z, x, y] = self.asked_tiles.get((z, x, y), 0) + 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.01)
        self.at_once -= 1
        if self.script.tile:
            return answer(self.script.tile(z, x, y, count))
        return web.Response(body=b"\x89PNG", content_type="image/png")

    # life

    def application(self):
        application = web.Application(middlewares=[self.note], client_max_size=2**26)
        application.add_routes([
            web.post("/hydrate", self.submit), web.get("/hydrate", self.list), web.get("/hydrate/{id}", self.get),
            web.delete("/hydrate/{id}", self.cancel), web.get("/hydrate/{id}/ws", self.listen),
            web.get("/elsewhere/{id}", self.listen),
            web.get(r"/tiles/{z:\d+}/{x:\d+}/{y:\d+}.{extension}", self.tile)])
        return application

    def run(self, ready, tls):
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._runner = web.AppRunner(self.application())
        self._loop.run_until_complete(self._runner.setup())
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=tls, shutdown_timeout=0.1)
        self._loop.run_until_complete(site.start())
        self.port = self._runner.addresses[0][1]
        self.scheme = "https" if tls else "http"
        ready.set()
        self._loop.run_forever()

    def stop(self):
        """Ends at once, connections and all; may be called twice."""
        async def end():
            for site in list(self._runner.sites):
                await site.stop()
            for connection in list(self._runner.server.connections):
                if connection.transport:
                    connection.transport.abort()
            self._loop.stop()

        if self._loop.is_running():
            asyncio.run_coroutine_threadsafe(end(), self._loop)


def answer(prepared):
    status, body, *headers = prepared
    text = body if isinstance(body, (str, bytes)) else json.dumps(body)
    if isinstance(text, str):
        text = text.encode()
    return web.Response(status=status, body=text, content_type="application/json",
                        headers=headers[0] if headers else {})


@contextlib.contextmanager
def serving(tls=None):
    """The server, while the context lasts."""
    server = Server()
    ready = threading.Event()
    thread = threading.Thread(target=server.run, args=(ready, tls))
    thread.start()
    try:
        assert ready.wait(10)
        yield server
    finally:
        server.stop()
        thread.join()
