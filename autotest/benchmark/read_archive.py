#!/usr/bin/python3
"""read_archive.py POLICY --box W,S,E,N --log FILE [--readers N] [--processes N]: opens and reads a policy over archives.

Prints JSON: seconds from opening to the last pixel of the last reader, the counters of the first reader's dataset, valid pixels
and sum of the elevations, and what the archives' log says was asked meanwhile. Readers are threads with a dataset each;
processes are forked before anything is opened. A program of its own: so each run starts with nothing in memory.
"""

import argparse
import json
import os
import threading
import time

import numpy
from osgeo import gdal

gdal.UseExceptions()
QUIET = 0.1  # seconds without a line: the log's last ones come after the last byte was sent


def read(policy, box, found):
    dataset = gdal.Open(policy)
    left, width, _, top, _, height = dataset.GetGeoTransform()
    west, south, east, north = box
    column, row = round((west - left) / width), round((north - top) / height)
    window = (column, row, round((east - west) / width), round((south - north) / height))
    values = dataset.ReadAsArray(*window)
    valid = numpy.isfinite(values[0])
    counters = {name: int(value) for name, value in dataset.GetMetadata("__DEBUG__").items()}
    found.append({"valid": int(valid.sum()), "sum": float(values[0][valid].sum(dtype=float)), "counters": counters})


def read_by_threads(policy, box, readers):
    """What the readers found: the same, or somebody read something else."""
    found = []
    threads = [threading.Thread(target=read, args=(policy, box, found)) for _ in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pixels = {(one["valid"], one["sum"]) for one in found}
    if len(found) != readers or len(pixels) != 1:
        raise SystemExit(f"{len(found)} of {readers} readers got pixels, of {len(pixels)} kinds")
    return found[0]


def read_by_processes(policy, box, processes):
    pipes = []
    for _ in range(processes):
        reading, writing = os.pipe()
        if os.fork() == 0:
            os.write(writing, json.dumps(read_by_threads(policy, box, 1)).encode())
            os._exit(0)
        os.close(writing)
        pipes.append(os.fdopen(reading))
    texts = [pipe.read() for pipe in pipes]
    if "" in texts:
        raise SystemExit("a reader failed")
    found = [json.loads(text) for text in texts]
    if len({(one["valid"], one["sum"]) for one in found}) != 1:
        raise SystemExit("the processes got different pixels")
    return found[0]


def asked_since(log, place):
    """The log's lines from this place on, once there are no more coming."""
    size = -1
    while size != os.path.getsize(log):
        size = os.path.getsize(log)
        time.sleep(QUIET)
    with open(log, encoding="utf-8") as file:
        file.seek(place)
        return [json.loads(line) for line in file]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("policy")
    parser.add_argument("--box", required=True, type=lambda text: [float(edge) for edge in text.split(",")])
    parser.add_argument("--log", required=True)
    parser.add_argument("--readers", type=int, default=1)
    parser.add_argument("--processes", type=int, default=0)
    arguments = parser.parse_args()
    place = os.path.getsize(arguments.log)
    start = time.perf_counter()
    if arguments.processes:
        found = read_by_processes(arguments.policy, arguments.box, arguments.processes)
    else:
        found = read_by_threads(arguments.policy, arguments.box, arguments.readers)
    found["seconds"] = time.perf_counter() - start
    asked = asked_since(arguments.log, place)
    found["requests"] = [[line["method"], line["target"], line["range"], line["sent"]] for line in asked]
    print(json.dumps(found))


main()
