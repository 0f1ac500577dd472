"""Serves the archives until it is stopped.

    PYTHONPATH=autotest/pymod /usr/bin/python3 -m archive [--port N] [--folder DIR] [--latency SECONDS] [--log FILE]

The first line says how to send the product here.
"""

import argparse
import os
import tempfile
import threading

from . import serving


def main():
    parser = argparse.ArgumentParser(prog="archive", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="0 = one that is free")
    parser.add_argument("--folder", default=os.path.join(tempfile.gettempdir(), "topobathy-archive"),
                        help="of the content, made when it is not there")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer, as over a long way")
    parser.add_argument("--log", help="file that gets a line of JSON for each request that has ended")
    arguments = parser.parse_args()
    with serving(arguments.folder, arguments.port) as server:
        if arguments.latency:
            server.faults.add(kind="delay", seconds=arguments.latency)
        if arguments.log:
            server.log.write_to(arguments.log)
        print(f'TOPOBATHY_ENDPOINTS="{server.endpoints}"', flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
