"""A real HTTP server on a loopback address, with threads and faults, that remembers what it was asked."""

from __future__ import annotations

import contextlib
import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Seen:
    """A request as the server saw it."""

    path: str
    host: str
    headers: dict[str, str]
    at: float


@dataclass(frozen=True)
class Answer:
    """A plain response. `chunks` are sent one by one with `pause` seconds between them."""

    body: bytes = b""
    status: int = 200
    type: str | None = HTML
    headers: tuple[tuple[str, str], ...] = ()
    etag: str | None = None
    modified: str | None = None
    length: int | None = None
    """Announced length, where it is to differ from the true one."""
    chunks: tuple[bytes, ...] = ()
    pause: float = 0.0


@dataclass(frozen=True)
class Raw:
    """Bytes written to the socket as they are; then the connection is closed, or reset."""

    pieces: tuple[bytes, ...]
    pause: float = 0.0
    reset: bool = False


Reply = Answer | Raw
Route = Reply | Callable[[Seen], Reply] | list[Reply]
"""A list is answered in turn, its last element again and again."""


@dataclass
class Site:
    """Routes by path with query; `requests` fills as they come."""

    routes: dict[str, Route] = field(default_factory=dict)
    fallback: Callable[[Seen], Reply] | None = None
    requests: list[Seen] = field(default_factory=list)
    port: int = 0
    busy: int = 0
    most_busy: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [seen.path for seen in self.requests]

    @property
    def pages(self) -> list[str]:
        return [path for path in self.paths if path != "/robots.txt"]

    def reply(self, seen: Seen) -> Reply:
        with self.lock:
            self.requests.append(seen)
            route = self.routes.get(seen.path)
            if isinstance(route, list):
                route = route.pop(0) if len(route) > 1 else route[0]
        if route is None:
            return self.fallback(seen) if self.fallback else Answer(b"no such page", status=404)
        return route(seen) if callable(route) else route


def page(body: str, *, title: str = "Clinic", links: tuple[str, ...] = (), head: str = "") -> bytes:
    anchors = "".join(f'<a href="{link}">Read more about this.</a> ' for link in links)
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>{head}</head>'
        f"<body><main><p>{body}</p><p>{anchors}</p></main></body></html>"
    ).encode()


def redirect(to: str, status: int = 302) -> Answer:
    return Answer(b"", status=status, headers=(("Location", to),))


def gzipped(body: bytes, **more: object) -> Answer:
    return Answer(gzip.compress(body, mtime=0), headers=(("Content-Encoding", "gzip"),), **more)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        site = self.site
        with site.lock:
            site.busy += 1
            site.most_busy = max(site.most_busy, site.busy)
        try:
            headers = dict(self.headers.items())
            reply = site.reply(Seen(self.path, self.headers.get("Host", ""), headers, time.monotonic()))
            with contextlib.suppress(OSError):
                self._raw(reply) if isinstance(reply, Raw) else self._answer(reply)
        finally:
            with site.lock:
                site.busy -= 1

    def _raw(self, reply: Raw) -> None:
        self.close_connection = True
        for piece in reply.pieces:
            self.wfile.write(piece)
            self.wfile.flush()
            time.sleep(reply.pause)
        if reply.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def _answer(self, reply: Answer) -> None:
        unchanged = (reply.etag and self.headers.get("If-None-Match") == reply.etag) or (
            reply.modified and not reply.etag and self.headers.get("If-Modified-Since") == reply.modified
        )
        body = b"" if unchanged else reply.body
        self.send_response(304 if unchanged else reply.status)
        if reply.type and not unchanged:
            self.send_header("Content-Type", reply.type)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.etag:
            self.send_header("ETag", reply.etag)
        if reply.modified:
            self.send_header("Last-Modified", reply.modified)
        if reply.chunks:
            self.send_header("Transfer-Encoding", "chunked")
        elif not unchanged:
            self.send_header("Content-Length", str(len(body) if reply.length is None else reply.length))
        self.end_headers()
        if reply.length is not None and reply.length > len(body):
            self.close_connection = True
        self.wfile.write(body)
        for chunk in reply.chunks:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            self.wfile.flush()
            time.sleep(reply.pause)
        if reply.chunks:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        return


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        return


@contextmanager
def serving(
    routes: dict[str, Route] | None = None,
    fallback: Callable[[Seen], Reply] | None = None,
    port: int = 0,
) -> Iterator[Site]:
    site = Site(dict(routes or {}), fallback)
    handler = type("Handler", (_Handler,), {"site": site})
    server = _Server(("127.0.0.1", port), handler)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class FakeTime:
    """A clock that moves only when someone sleeps."""

    at: float = 1_700_000_000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += max(seconds, 0.0)

    def monotonic(self) -> float:
        return self.at


def unused_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
