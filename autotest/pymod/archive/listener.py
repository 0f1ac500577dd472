"""The socket side: reads requests, has them answered, sends what came of it, well or badly."""

import http.server
import socket
import struct

from .faults import spoil
from .messages import Request, text

PATIENCE = 600  # seconds that a hanging answer hangs at most
STEP = 65536  # bytes sent at once


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "archive"
    disable_nagle_algorithm = True  # else each small answer waits for an acknowledgement

    def do_GET(self):
        self._serve()

    do_HEAD = do_POST = do_PUT = do_DELETE = do_GET

    def _serve(self):
        request = self._request()
        archive = self.server.archive
        entry = archive.log.begin(request)
        fault = archive.faults.take(request, entry.target)
        over = archive.faults.over
        answer = self._answer(archive, request)
        if fault:
            entry.fault = fault.kind
            answer = spoil(fault, request, answer)
        try:
            self._send(answer, entry, over)
        except OSError:  # the client went away
            self.close_connection = True
        finally:
            archive.log.end(entry)

    def _request(self):
        host, _, rest = self.path.lstrip("/").partition("/")
        path, _, query = rest.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        return Request(self.command, host, f"/{path}", query, {name.lower(): value for name, value in self.headers.items()}, body)

    @staticmethod
    def _answer(archive, request):
        try:
            return archive.answer(request)
        except Exception as error:  # a mistake of the server is told to the test, not hidden in a closed connection
            archive.errors.append(f"{request.method} {request.url}: {error!r}")
            return text(f"archive on loopback: {error!r}", status=500)

    def _send(self, answer, entry, over):
        if answer.hang_before:
            over.wait(PATIENCE)
        over.wait(answer.delay)
        if answer.drop or answer.hang_before:
            return self._reset()
        entry.status = answer.status
        head = self._head(answer)
        self._send_head(answer, head)
        if self.command != "HEAD" and answer.status not in (204, 304):
            self._send_body(answer, entry, over)
        if answer.hang_after:
            over.wait(PATIENCE)
        if answer.close or answer.hang_after:
            self.close_connection = True

    @staticmethod
    def _head(answer):
        headers = dict(answer.headers)
        if isinstance(answer.body, bytes):
            headers["Content-Length"] = str(len(answer.body) if answer.announced is None else answer.announced)
        else:
            headers["Transfer-Encoding"] = "chunked"
        return headers

    def _send_head(self, answer, headers):
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _send_body(self, answer, entry, over):
        for piece in _pieces(answer):
            entry.sent += len(piece)
            chunked = not isinstance(answer.body, bytes)
            self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" if chunked else piece)
            if answer.rate and over.wait(len(piece) / answer.rate):
                answer.rate = None

    def _reset(self):
        """Ends the connection the hard way (RST), as a router on the way does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def log_message(self, *_):
        pass


def _pieces(answer):
    if not isinstance(answer.body, bytes):
        yield from answer.body
        return
    step = max(1, min(STEP, int(answer.rate / 10))) if answer.rate else STEP
    for first in range(0, len(answer.body), step):
        yield answer.body[first:first + step]


class Listener(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, archive, port=0):
        super().__init__(("127.0.0.1", port), Handler, bind_and_activate=False)
        self.archive = archive
        self._connections = set()
        self.server_bind()

    def process_request(self, request, client_address):
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        self._connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self):
        """Ends every connection that is open."""
        for connection in list(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def handle_error(self, request, client_address):
        pass  # a client that went away
