"""Many readers of archives: a second policy over what a first one has fetched, and readers at the same time."""

import archives
import report
from bench import remove
from measure import BenchmarkError, Job, Spread

FAMILIES = ("tier3", "readers")
LATENCIES = {"20 ms a request": 0.02, "no latency": 0.0}
TIER3_BAR = 10
READERS = 8
PROVIDERS = ("gebco_2025", "copernicus_dsm", "nasadem", "usgs_3dep", "ncei_cudem", "noaa_topobathy", "noaa_bluetopo")
BOX = (-70.80, 43.0, -70.75, 43.05)  # a cell where all of them have something
EXTENT = (-70.90, 42.90, -70.65, 43.15)


def rows(bench, wanted):
    # Both show something of every layer everywhere: what an upper layer hides would not be fetched.
    first, second = (archives.policy(bench.work / f"{name}.yaml", [{"provider": provider, "operator": "linear_blend", "weight": weight}
                                                                   for provider in order], EXTENT)
                     for name, order, weight in (("first", PROVIDERS, 0.5), ("second", PROVIDERS[::-1], 0.3)))
    found = []
    for title, latency in list(LATENCIES.items())[:1 if bench.part > 1 else None]:
        with archives.serving(bench, latency) as server:
            if "tier3" in wanted:
                found.append(tier3_row(bench, server, title, first, second))
            if "readers" in wanted:
                found += reader_rows(bench, server, title, first)
    return found


def tier3_row(bench, server, title, first, second):
    empty, kept = bench.work / "empty_cache", bench.work / "kept_cache"
    remove(kept)
    words, env = archives.reading(server, first, BOX, kept)
    bench.run(*words, env=env)

    def job(name, cache, drop):
        words, env = archives.reading(server, second, BOX, cache)
        return Job(name, lambda _: words, lambda _: remove(drop), env)

    samples = bench.alternate(f"tier3, {title}", [job("cold", empty, empty), job("tier 3", kept, kept / "fused_zarr")])
    cold, again = (archives.outcomes(samples[name]) for name in ("cold", "tier 3"))
    work = f"a second policy over the area, from tier 3 against an empty cache, {title}"
    archives.require_same_pixels(work, cold, again)
    asked = sum(len(outcome["requests"]) for outcome in again)
    if asked:
        raise BenchmarkError(f"{work}: {asked} requests, for which there should be no reason")
    ratio = Spread.of(a / b for a, b in zip(archives.seconds(cold), archives.seconds(again)))
    return report.at_least(work, TIER3_BAR, ratio, "times faster", ours=f"{Spread.of(archives.seconds(again)).text(3)} s, no request",
                           other=f"empty cache: {Spread.of(archives.seconds(cold)).text(2)} s, {len(cold[0]['requests'])} requests")


def reader_rows(bench, server, title, policy):
    cache = bench.work / "readers_cache"

    def job(name, **how):
        words, env = archives.reading(server, policy, BOX, cache, **how)
        return Job(name, lambda _: words, lambda _: remove(cache), env)

    threads, processes = f"{READERS} threads", f"{READERS} processes"
    jobs = [job("one", readers=1), job(threads, readers=READERS), job("one process", processes=1), job(processes, processes=READERS)]
    samples = bench.alternate(f"readers, {title}", jobs)
    found = {name: archives.outcomes(taken) for name, taken in samples.items()}
    archives.require_same_pixels(f"{READERS} readers", *found.values())
    return [reader_row(title, threads, found[threads], found["one"]), reader_row(title, processes, found[processes], found["one process"])]


def reader_row(title, name, many, one):
    more = Spread.of(len(a["requests"]) / len(b["requests"]) for a, b in zip(many, one))
    twice = max(asked_again(outcome["requests"]) for outcome in many)
    slower = Spread.of(a / b for a, b in zip(archives.seconds(many), archives.seconds(one)))
    alone = Spread.of(len(outcome["requests"]) for outcome in one)
    together = Spread.of(len(outcome["requests"]) for outcome in many)
    return report.at_most(f"{name} read one area at once, {title}: requests against one reader", 1, more,
                          ours=f"{together.text(0)} requests, {twice} of them made before; "
                               f"{Spread.of(archives.seconds(many)).text(2)} s, {slower.text(2)} times one reader",
                          other=f"one reader: {alone.text(0)} requests, {Spread.of(archives.seconds(one)).text(2)} s")


def asked_again(requests):
    """Requests that had been made already: method, URL without signature, range."""
    return len(requests) - len({(method, target.split("?st=", 1)[0], part) for method, target, part, _ in requests})
