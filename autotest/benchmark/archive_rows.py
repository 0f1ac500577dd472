"""The first read of one cell from each archive, and of point clouds: requests, bytes, and where the time goes."""

import json

import archives
import report
import stack
from bench import remove
from measure import Job, Spread

FAMILIES = ("archives", "points")
LONE_STAR = (-110.8125, 44.4125, -110.80625, 44.41875)  # one cell of 1 m
COAST = (-70.775, 43.0, -70.7625, 43.0125)  # one cell of 2 m, most of the survey
TIMES = ("DISCOVER", "FETCH", "DECODE", "ALIGN")


class Place:
    """One provider and the cell that is read. `stream`: how the product reads its files, "" = whole files or a service;
    `crs`: of those that state none themselves."""

    def __init__(self, provider, box=archives.BOX, stream="", resolution=archives.PIXEL_METRES, name="", crs="", **step):
        self.name = name or provider
        self.box, self.stream, self.resolution, self.crs = box, stream, resolution, crs
        self.step = {"provider": provider, **step}

    def policy(self, bench):
        west, south, east, north = self.box
        edge = east - west
        extent = [round(value, 6) for value in (west - edge, south - edge, east + edge, north + edge)]
        path = bench.work / f"archive_{self.name.replace(' ', '_').replace(',', '')}.yaml"
        return archives.policy(path, [self.step], extent, self.resolution)


CELLS = (
    Place("gebco_2025"),
    Place("copernicus_dsm", stream="cog"),
    Place("nasadem", stream="cog"),
    Place("usgs_3dep", stream="cog"),
    Place("noaa_bluetopo", stream="cog"),
    Place("noaa_topobathy", (-70.80, 43.0, -70.75, 43.05), stream="cog"),
    Place("ncei_cudem"),
    # Of the survey left out the archive on loopback has lost the page, which is an error.
    Place("ncei_bag", filter={"exclude_patterns": ["H11990"]}),
    Place("jcu_gbr100", (145.5, -16.6, 145.6, -16.5), resolution=100),
)
CLOUDS = (
    Place("usgs_lidar", LONE_STAR, "copc", resolution=1, name="usgs_lidar, COPC, LAZ", crs="EPSG:26912",
          product="copc"),
    Place("usgs_lidar", COAST, "ept", resolution=2, name="usgs_lidar, EPT, binary", product="ept",
          filter={"include_patterns": ["NH_SampleCoast_2022"]}),
    Place("usgs_lidar", COAST, "ept", resolution=2, name="usgs_lidar, EPT, Zstandard", product="ept",
          filter={"include_patterns": ["NH_SampleCoast_2016*"]}),
)


def rows(bench, wanted):
    found = []
    with archives.serving(bench, 0.0) as server:
        for family, places in (("archives", CELLS), ("points", CLOUDS)):
            if family in wanted:
                samples = bench.alternate(family, [job(bench, server, place) for place in places])
                found += [row(bench, server, place, archives.outcomes(samples[place.name])) for place in places]
    return found


def job(bench, server, place):
    cache = bench.work / "archive_cache"
    words, env = archives.reading(server, place.policy(bench), place.box, cache)
    return Job(place.name, lambda _: words, lambda _: remove(cache), env)


def row(bench, server, place, found):
    needed = needs(bench, server, place, found[0]["requests"])
    moved = Spread.of(sum(request[3] for request in outcome["requests"]) for outcome in found)
    requests = Spread.of(len(outcome["requests"]) for outcome in found)
    ratio = Spread(*(value / needed["bytes"] for value in (moved.median, moved.low, moved.high)))
    ours = (f"{requests.median:.0f} requests, {moved.median / 1000:.0f} kB of {needed['bytes'] / 1000:.0f} kB needed; "
            f"{Spread.of(archives.seconds(found)).text(2)} s: {shares(found)}")
    if needed["points"]:
        rate = Spread.of(needed["points"] / outcome["seconds"] / 1e6 for outcome in found)
        ours = f"{needed['points']} points, {rate.text(2)} million a second; {ours}"
    bench.facts[f"archive {place.name}"] = {"needed": needed, "counters": [outcome["counters"] for outcome in found]}
    return report.Row(f"first cell of {place.name}: bytes moved against needed", "", ratio.text(2), ours=ours)


def shares(found):
    """Of the time that layers took, summed over threads."""
    middle = sorted(found, key=lambda outcome: outcome["seconds"])[len(found) // 2]["counters"]
    times = {name: middle[f"{name}_MICROSECONDS"] for name in TIMES}
    whole = max(1, sum(times.values()))
    return ", ".join(f"{name.lower()} {100 * time / whole:.0f} %" for name, time in times.items())


def needs(bench, server, place, requests):
    """Bytes without which the cell cannot be read: of streamed files what touches it, of all else each answer once."""
    streamed = {} if not place.stream else {
        item["url"]: item["facts"].get("kind", "cog") for item in server.contents()
        if item["archive"] == place.step["provider"] and item["facts"].get("kind", "cog") == place.stream}
    touched, others = set(), {}
    for method, target, part, sent in requests:
        owner = next((url for url in streamed if is_of(target, url)), None)
        if owner:
            touched.add(owner)
        else:
            others[method, target, part] = sent
    asked = {"folder": str(server.folder), "box": place.box, "pixel": place.resolution,
             "files": [{"url": url, "kind": streamed[url], "crs": place.crs} for url in sorted(touched)]}
    sample = bench.run(stack.PYTHON, archives.PROGRAMS / "archive_needs.py", json.dumps(asked))
    files = json.loads(sample.stdout).values()
    return {"bytes": sum(others.values()) + sum(file["bytes"] for file in files), "points": sum(file["points"] for file in files)}


def is_of(target, url):
    """Whether a request is for the file, or for a part of the point cloud that it describes."""
    asked = "https://" + target.split("?", 1)[0]
    return asked == url or (url.endswith("/ept.json") and asked.startswith(url.removesuffix("ept.json")))
