"""A web server on the loopback interface that serves a folder, with ranges, and counts who asks."""

import contextlib
import http.server
import pathlib
import re
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self.answer(body=False)

    def do_GET(self):
        self.answer(body=True)

    def answer(self, body):
        self.server.requests.append(f"{self.command} {self.path}")
        path = self.server.folder / self.path.lstrip("/").split("?")[0]
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        part = content
        if wanted:
            first, last = int(wanted[1]), min(int(wanted[2]), len(content) - 1)
            part = content[first:last + 1]
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(part)))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Last-Modified", "Mon, 02 Jan 2023 03:04:05 GMT")
        self.end_headers()
        if body:
            self.wfile.write(part)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = pathlib.Path(folder)
        self.requests = []  # "GET /a.tif", in the order they came

    @property
    def address(self):
        return f"127.0.0.1:{self.server_port}"


@contextlib.contextmanager
def serving(folder):
    """The server, while the context lasts."""
    with Server(folder) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
