"""The service as the web pages see it, on loopback: the real pages with the real Content-Security-Policy, real tiles, and faults by order.

    pages_server.py CACHE [--port N]     by hand; the pages are at /viewer/

A test orders faults with POST /script {"gone": true}, {"fail": {"/elevation": [503, "detail"]}}, {"job": "failed"}, {"reset": true}, ...:
see Script. The main paths run against `topobathy serve` as well: these tests order nothing."""

import argparse
import asyncio
import contextlib
import dataclasses
import json
import pathlib
import socket
import sys
import threading
import time
import uuid

from aiohttp import WSMsgType, web

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import pages_coast  # noqa: E402
import places  # noqa: E402

PAGES = places.BUILD / "share" / "topobathy" / "pages"
RECORDED = places.ROOT / "autotest" / "data" / "pages"
HEADERS = {"Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; worker-src blob: 'self'; connect-src 'self'; "
                                      "object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
           "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
ENDED = ("completed", "failed", "cancelled")


@dataclasses.dataclass
class Script:
    """What goes wrong. Paths are beginnings of paths."""

    gone: bool = False  # connections are cut without an answer
    fail: dict = dataclasses.field(default_factory=dict)  # path: [status, detail]
    busy: dict = dataclasses.field(default_factory=dict)  # path: how many times it answers 503, then it works
    slow: dict = dataclasses.field(default_factory=dict)  # path: seconds
    vendor: bool = True  # False: the pages' libraries are not there
    sockets: bool = True  # False: no WebSocket is opened
    token: str = ""  # changes need it
    job: str = "completed"  # how the next job ends
    job_seconds: float = 1.0
    survey: str = ""  # a name in place of every survey's


def refusal(status, detail, **headers):
    return web.json_response({"detail": detail}, status=status, headers=headers)


class Job:
    """A hydration that goes on with the clock."""

    def __init__(self, body, script, cells):
        self.body, self.ends, self.seconds, self.cells = body, script.job, script.job_seconds, cells
        self.id, self.begun, self.cancelled = str(uuid.uuid4()), time.monotonic(), None

    def state(self):
        now = self.cancelled or time.monotonic()
        part = min(1.0, (now - self.begun) / self.seconds)
        if self.ends == "failed":
            part = min(part, 0.5)
        over = self.cancelled or now - self.begun >= self.seconds
        status = "cancelled" if self.cancelled else self.ends if over else "running"
        done = int(part * self.cells)
        error = {"failed": "cell 0/-1415/860: step 'surveys': the file ends before its pixels", "cancelled": "Cancelled by user"}.get(status)
        return {"id": self.id, "status": status, "bbox": self.body["bbox"], "resolution": self.body.get("resolution", 30.0), "zoom": self.body.get("zoom"),
                "submitted_at": "2026-11-28T03:00:00+00:00", "total_cells": self.cells, "processed_cells": done, "cached_cells": 0,
                "failed_cells": 1 if status == "failed" else 0, "error": error}


class Server:
    def __init__(self, cache):
        self.coast = pages_coast.Coast(cache)
        self.script = Script()
        self.asked = []  # [method, path with query, body]
        self.jobs = {}
        self.purged = set()  # tiers

    # around every request

    @web.middleware
    async def around(self, request, handler):
        if request.path in ("/script", "/asked"):
            return await handler(request)
        self.asked.append([request.method, request.path_qs, await request.text()])
        if self.script.gone:
            request.transport.abort()
            return web.Response()
        answer = await self._fault(request)
        if answer is None:
            answer = await handler(request)
        if not answer.prepared:
            answer.headers.update(HEADERS)
        return answer

    async def _fault(self, request):
        script = self.script
        for path, seconds in script.slow.items():
            if request.path.startswith(path):
                await asyncio.sleep(seconds)
        for path, (status, detail) in script.fail.items():
            if request.path.startswith(path):
                return refusal(status, detail)
        for path, times in script.busy.items():
            if request.path.startswith(path) and times > 0:
                script.busy[path] = times - 1
                return refusal(503, "busy: all places of heavy work are taken", **{"Retry-After": "1"})
        changes = request.method != "GET" and request.path != "/analyze"
        if changes and script.token and request.headers.get("Authorization") != f"Bearer {script.token}":
            return refusal(401, "this changes something: send the token")
        return None

    async def order(self, request):
        orders = await request.json()
        if orders.pop("reset", False):
            self.script, self.jobs, self.asked, self.purged = Script(), {}, [], set()
        for name, value in orders.items():
            assert hasattr(self.script, name), name
            setattr(self.script, name, value)
        return web.json_response(dataclasses.asdict(self.script))

    async def tell_asked(self, _):
        return web.json_response(self.asked)

    # pages

    async def page(self, request):
        name = request.match_info["name"] or "index.html"
        path = (PAGES / name).resolve()
        if PAGES not in path.parents or not path.is_file() or (name.startswith("vendor/") and not self.script.vendor):
            return refusal(404, "there is no such page")
        return web.FileResponse(path, headers={**HEADERS, "Cache-Control": "no-cache"})

    # tiles and points

    def _survey(self, source):
        return {**source, "name": self.script.survey or source.get("survey_id")} if source else source

    async def tile(self, request):
        z, x, y = (int(request.match_info[name]) for name in "zxy")
        if request.match_info["extension"] == "npz":
            body, kind = self.coast.numbers(z, x, y), "application/octet-stream"
        else:
            look = request.query.get("format") if request.query.get("format") == "terrarium" else request.query.get("style", "chart")
            body, kind = self.coast.picture(look, z, x, y), "image/png"
        return web.Response(status=204) if body is None else web.Response(body=body, content_type=kind)

    async def metadata(self, request):
        facts = self.coast.metadata(*(int(request.match_info[name]) for name in "zxy"))
        facts["sources"] = [self._survey(source) for source in facts["sources"]]
        return web.json_response(facts)

    async def tilejson(self, _):
        return web.json_response({"tilejson": "3.0.0", "name": "Sample coast", "tiles": ["/tiles/{z}/{x}/{y}.png"], "bounds": list(pages_coast.BOX),
                                  "minzoom": 8, "maxzoom": pages_coast.ZOOMS[1]})

    async def legend(self, request):
        return web.json_response(recorded("legend")[request.query.get("style", "chart")])

    @staticmethod
    def _point(request):
        return float(request.query["lat"]), float(request.query["lon"])

    async def elevation(self, request):
        height, sigma, _ = self.coast.at(*self._point(request))
        return web.json_response({"elevation": height, "unit": "meters", "uncertainty": sigma})

    async def source_info(self, request):
        height, _, source = self.coast.at(*self._point(request))
        row = source and {**self._survey(source), "weight": 1.0}
        return web.json_response({"elevation": height, "id": row and row["id"], "name": row and row["name"], "source": row,
                                  "contributions": [row] if row else [], "datum": None, "policy": "Sample coast"})

    async def profile(self, request):
        line = [tuple(map(float, point.split(","))) for point in request.query["line"].split(";")]
        samples, sources = [], {}
        count = int(request.query["points"])
        for i in range(count):
            part = i / (count - 1) * (len(line) - 1)
            leg = min(int(part), len(line) - 2)
            (lon1, lat1), (lon2, lat2), rest = line[leg], line[leg + 1], part - leg
            lon, lat = lon1 + (lon2 - lon1) * rest, lat1 + (lat2 - lat1) * rest
            height, sigma, source = self.coast.at(lat, lon)
            if source:
                sources[source["id"]] = self._survey(source)
            samples.append({"distance": i * 20.0, "lon": lon, "lat": lat, "elevation": height, "uncertainty": sigma, "source_id": source["id"] if source else None})
        columns = {name: [sample[name] for sample in samples] for name in samples[0]}
        return web.json_response({**columns, "sources": list(sources.values())})

    # hydration

    async def analyze(self, request):
        body = await request.json()
        text = body.get("policy_yaml") or ""
        if "nonsense" in text:
            return refusal(400, "policy:1:1: unknown key 'nonsense'; did you mean 'name'?")
        return web.json_response(recorded("analyze"))

    async def submit(self, request):
        body = await request.json()
        if "nonsense" in (body.get("policy_yaml") or ""):
            return refusal(400, "policy:1:1: unknown key 'nonsense'; did you mean 'name'?")
        job = Job(body, self.script, 4)
        self.jobs[job.id] = job
        return web.json_response({"status": "accepted", "message": "Hydration job submitted", "job_id": job.id, "bbox": body["bbox"],
                                  "resolution": body.get("resolution", 30.0), "timestamp": "2026-11-28T03:00:00+00:00", "ws": f"/hydrate/{job.id}/ws"})

    async def list_jobs(self, _):
        return web.json_response([job.state() for job in self.jobs.values()])

    async def get_job(self, request):
        job = self.jobs.get(request.match_info["id"])
        return web.json_response(job.state()) if job else refusal(404, "Job not found")

    async def cancel_job(self, request):
        job = self.jobs.get(request.match_info["id"])
        if not job:
            return refusal(404, "Job not found")
        job.cancelled = time.monotonic()
        return web.json_response({"status": "cancelled", "job_id": job.id})

    async def listen(self, request):
        if not self.script.sockets:
            return refusal(404, "Not Found")
        socket_ = web.WebSocketResponse()
        await socket_.prepare(request)
        told = None
        while not socket_.closed:
            text = json.dumps(self.jobs[request.match_info["id"]].state())
            if self.script.gone:
                request.transport.abort()
                break
            if text != told:
                await socket_.send_str(text)
            told = text
            if json.loads(text)["status"] in ENDED:
                await socket_.close()
                break
            with contextlib.suppress(asyncio.TimeoutError):
                message = await socket_.receive(timeout=0.05)
                if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.ERROR):
                    break
        return socket_

    # the cache

    async def tiers(self, _):
        return web.json_response(recorded("cache_tiers"))

    async def summary(self, _):
        summary = recorded("cache_summary")
        for tier in summary["tiers"]:
            if tier["number"] in self.purged:
                tier.update(items=0, bytes=0, mb=0)
        summary["total_bytes"] = sum(tier["bytes"] for tier in summary["tiers"])
        return web.json_response(summary)

    async def detail(self, _):
        return web.json_response(recorded("cache_detail"))

    async def purge(self, request):
        body = await request.json()
        if not body.get("dry_run", True):
            self.purged.update(body["tiers"])
        sums = {f"tier_{number}": {"count": 12, "bytes": 9437184} for number in body["tiers"]}
        return web.json_response({"status": "complete", "mode": "dry-run" if body.get("dry_run", True) else "committed",
                                  "message": "", "summary": sums, "paths": ["tiles/visual/chart/13/2485/3009_b8b78b76.png"]})

    async def check(self, _):
        return web.json_response(recorded("cache_check"))

    async def orphans(self, request):
        body = await request.json()
        answer = recorded("cache_orphans")
        answer["mode"] = "committed" if body.get("clean") else "list-only"
        return web.json_response(answer)

    # 3D

    async def datasets(self, _):
        return web.json_response(recorded("datasets"))

    async def quality(self, _):
        return web.json_response(recorded("quality"))

    def application(self):
        application = web.Application(middlewares=[self.around], client_max_size=2**22)
        get, post = web.get, web.post
        application.add_routes([
            post("/script", self.order), get("/asked", self.tell_asked), get("/viewer/{name:.*}", self.page),
            get("/health", self._health), get(r"/tiles/{z:\d+}/{x:\d+}/{y:\d+}.{extension}", self.tile),
            get(r"/tiles/{z:\d+}/{x:\d+}/{y:\d+}/metadata", self.metadata), get("/tilejson.json", self.tilejson), get("/legend", self.legend),
            get("/elevation", self.elevation), get("/source_info", self.source_info), get("/profile", self.profile), post("/analyze", self.analyze),
            post("/hydrate", self.submit), get("/hydrate", self.list_jobs), get("/hydrate/{id}", self.get_job),
            web.delete("/hydrate/{id}", self.cancel_job), get("/hydrate/{id}/ws", self.listen),
            get("/api/v1/cache/tiers", self.tiers), get("/api/v1/cache/summary", self.summary), get("/api/v1/cache/detail", self.detail),
            post("/api/v1/cache/purge", self.purge), post("/api/v1/cache/check", self.check), post("/api/v1/cache/orphans", self.orphans),
            get("/api/v1/dem/datasets", self.datasets), get("/quality/report", self.quality)])
        return application

    @staticmethod
    async def _health(_):
        return web.json_response({"status": "ok", "service": "topobathyserve"})


def recorded(name):
    """An answer as the service gives it."""
    return json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))


@contextlib.contextmanager
def serving(cache, port=0):
    """The address of the server, while the context lasts."""
    server, ready, loop = Server(cache), threading.Event(), asyncio.new_event_loop()
    listener = socket.create_server(("127.0.0.1", port))

    def run():
        asyncio.set_event_loop(loop)
        runner = web.AppRunner(server.application())
        loop.run_until_complete(runner.setup())
        loop.run_until_complete(web.SockSite(runner, listener, shutdown_timeout=0.1).start())
        ready.set()
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        assert ready.wait(10)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache")
    parser.add_argument("--port", type=int, default=9595)
    arguments = parser.parse_args()
    with serving(arguments.cache, arguments.port) as url:
        print(f"{url}/viewer/index.html", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
