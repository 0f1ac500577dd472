"""The public archives on the loopback interface: one server that plays every host, with real formats and bad days.

`http://127.0.0.1:PORT/<true host>/<path>?<query>` is what `https://<true host>/<path>?<query>` is in the world, so the one
endpoint entry `"*": http://127.0.0.1:PORT/{host}` (`server.endpoints`) sends a client here. Bodies name the true hosts.

    with archive.serving(folder) as server:      # makes the content in `folder` unless it is there
        server.contents.of("ncei_cudem")         # what lies where, with which offset to the made-up ground
        server.faults.add("tileindex", kind="status", status=503)
        server.log.count("tileindex"), server.log.bytes()
        with server.gone(): ...                  # connection refused
        server.reset()                           # no faults, empty log, the content as it was made
"""

from .server import ArchiveServer, serving

__all__ = ["ArchiveServer", "serving"]
