"""Starts `topobathy serve`, or the same server with routes of tests, and talks to it."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.parse

import places

TEST_PROGRAM = places.BUILD / "tests" / "serve_test_routes"
SECONDS = 30


class Answer:
    """Status, headers (names in lower case), body."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    @property
    def detail(self):
        return self.json()["detail"]


class Service:
    """A running service. Its log is read all the time; `log(event)` has what was said so far."""

    def __init__(self, words, env):
        self.process = subprocess.Popen(words, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
                                        env={**os.environ, **env})
        self.lines = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stderr:
            with self._news:
                self.lines.append(line)
                self._news.notify_all()
        with self._news:
            self._news.notify_all()

    def log(self, event, **facts):
        """The log's entries of an event, those whose facts are these."""
        with self._news:
            entries = [json.loads(line) for line in self.lines if line.startswith("{")]
        return [entry for entry in entries if entry["event"] == event
                and all(entry.get(name) == value for name, value in facts.items())]

    def wait_for_log(self, event, count=1, seconds=SECONDS, **facts):
        deadline = time.monotonic() + seconds
        while len(entries := self.log(event, **facts)) < count:
            left = deadline - time.monotonic()
            assert left > 0 and (self.process.poll() is None or self._reader.is_alive()), \
                f"{len(entries)} of {count} {event} {facts}:\n" + "".join(self.lines[-20:])
            with self._news:
                self._news.wait(min(left, 0.2))
        return entries

    def wait_until_ready(self):
        entry = self.wait_for_log("listening")[0]
        self.wait_for_log("worker_ready", entry["workers"])
        self.url = entry["url"]
        self.port = urllib.parse.urlsplit(self.url).port

    @contextlib.contextmanager
    def connection(self, seconds=SECONDS):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            yield connection
        finally:
            connection.close()

    def ask(self, method, path, body=None, headers=None, seconds=SECONDS):
        """One request on a connection of its own."""
        with self.connection(seconds) as connection:
            return ask(connection, method, path, body, headers)

    def get(self, path, **headers):
        return self.ask("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def raw(self, data, seconds=SECONDS):
        """Sends bytes and returns everything that comes until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as client:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                client.sendall(data)
            return read_all(client)

    def metric(self, name, **labels):
        """The sum of a metric over its labels that match."""
        total = 0.0
        for line in self.get("/metrics").body.decode().splitlines():
            head, _, value = line.rpartition(" ")
            if head.partition("{")[0] == name and all(f'{key}="{text}"' in head for key, text in labels.items()):
                total += float(value)
        return total

    def workers(self):
        """Process ids of the workers."""
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as file:
            return [int(pid) for pid in file.read().split()]

    def stop(self, number=signal.SIGTERM, seconds=60):
        """Tells it to end; the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(seconds)
        finally:
            self.process.kill()
            self._reader.join(SECONDS)


def ask(connection, method, path, body=None, headers=None):
    connection.request(method, path, body=body, headers=headers or {})
    answer = connection.getresponse()
    return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())


def read_all(client):
    data = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := client.recv(65536):
            data += piece
    return data


def start(program, *arguments, env=None):
    """The service on a free port of loopback, when all its workers answer."""
    words = [str(program), *(["serve"] if program == places.PROGRAM else []), "--port", "0",
             *(str(argument) for argument in arguments)]
    service = Service(words, env or {})
    try:
        service.wait_until_ready()
    except BaseException:
        service.process.kill()
        raise
    return service
