"""The zygote: a fresh interpreter that imports the extractor once and forks children from it.

A fork costs milliseconds and shares all memory. It starts as a new program rather than by a fork
of the service, so that no thread, loop, connection or heap of the service is ever in a child.
It has one thread and obeys messages of the pool on one socket:

    pool -> zygote   F <socket>          fork a child that serves the socket
                     K pid               kill it
    zygote -> pool   P pid               it is there (in the order asked)
                     X pid status KiB    it has ended: wait status, peak resident memory

The pool's hang-up ends the zygote and all children.
"""

from __future__ import annotations

import encodings
import faulthandler
import gc
import importlib
import os
import pkgutil
import select
import signal
import socket
import sys
from types import ModuleType
from typing import NoReturn

import msgspec

import service.extract
import service.feeds
from service.extract import Page, extract
from service.feeds import read_feed
from service.parsers.child import serve
from service.parsers.protocol import ORDER, REPORT, Limits

FORK, KILL, PRESENT, EXITED = b"F", b"K", b"P", b"X"
WARM = (
    Page(
        url="https://example.org/2026/01/05/story",
        content=b"<html lang=en><title>A story</title><article><h1>A story</h1>"
        b"<p>By <a href=/a>Ann Author</a></p><time datetime=2026-01-05>5 January 2026</time>"
        + b"<p>It was a story of some length, told in plain words to warm the parser.</p>"
        * 9,
    ),
    Page(kind="text", content="A story\n\nBy Ann Author\n\n" + "Some words in a row. " * 40),
    Page(url="http://example.org/", content="<p>caf\xe9, na\xefve".encode("latin-1") * 50),
)
"""Pages that make lazy parts load: language model, encoding detector, tables of dates."""
_ITEM = b"<item><title>A &amp; b</title><link>/a</link><pubDate>Mon, 05 Jan 2026 08:00:00 GMT"
WARM_FEEDS = (
    b'<?xml version="1.0"?><rss version="2.0"><channel>'
    + _ITEM
    + b"</pubDate></item></channel></rss>",
    b"<rss version='2.0'><channel><title>caf\xe9 &nbsp;</title>" + _ITEM,
    b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="html">a</content></entry>',
    b"<urlset><url><loc>https://a.example/</loc></url></urlset>",
    b'{"items": []}',
    b"<!doctype html><html><link rel=alternate type=application/rss+xml href=/f></html>",
)
"""One of each kind, and a broken one, which makes feedparser load its second parser."""


GC_THRESHOLDS = (50_000, 20, 50)
"""Extraction leaves no cycles (tests/extract/test_document.py): looking for them as often as by
default costs 8 % of a page. What other code may leave is found."""


def main(descriptor: int, limits_json: str) -> NoReturn:
    """Obeys the pool until it hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the service's to handle
    faulthandler.enable()
    limits = msgspec.json.decode(limits_json, type=Limits)
    control = socket.socket(fileno=descriptor)
    warm()
    Zygote(control, limits).run()
    sys.exit(0)


def warm() -> None:
    """All that children may ever import is imported: they cannot open a file."""
    import_all(service.extract)
    import_all(service.feeds)
    import_all(encodings)
    for page in WARM:
        extract(page)
    for feed in WARM_FEEDS:
        read_feed(feed, "https://a.example/")
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


def import_all(package: ModuleType) -> None:
    """Every module of ``package`` is loaded, except those that this platform does not have."""
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        try:
            importlib.import_module(found.name)
        except ImportError:
            if package is not encodings:  # mbcs and oem exist on Windows only
                raise


class Zygote:
    """The loop: orders from the pool, deaths of children."""

    def __init__(self, control: socket.socket, limits: Limits) -> None:
        self.control, self.limits = control, limits
        self.children: set[int] = set()
        self.woken, self.wake = os.pipe()
        os.set_blocking(self.wake, False)
        os.set_blocking(self.woken, False)
        signal.set_wakeup_fd(self.wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def run(self) -> None:
        try:
            while self.obey():
                self.reap()
        except ConnectionError:
            pass  # the pool hung up in the middle of something
        finally:
            for pid in self.children:
                os.kill(pid, signal.SIGKILL)

    def obey(self) -> bool:
        """Waits for orders or deaths, and carries an order out; False once the pool is gone."""
        ready, _, _ = select.select([self.control.fileno(), self.woken], [], [])
        if self.woken in ready:
            os.read(self.woken, 512)
        if self.control.fileno() not in ready:
            return True
        order, descriptors, _, _ = socket.recv_fds(self.control, ORDER.size, 1)
        if len(order) < ORDER.size:
            return False
        kind, pid = ORDER.unpack(order)
        if kind == FORK:
            self.fork(descriptors[0])
        elif pid in self.children:
            os.kill(pid, signal.SIGKILL)
        return True

    def fork(self, descriptor: int) -> None:
        """A child serves the socket ``descriptor``; the pool has been told its number."""
        zygote_pid = os.getpid()
        if pid := os.fork():
            os.close(descriptor)
            self.children.add(pid)
            self.control.sendall(REPORT.pack(PRESENT, pid, 0, 0))
            return
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for inherited in (self.control.detach(), self.woken, self.wake):
                os.close(inherited)
            serve(socket.socket(fileno=descriptor), self.limits, zygote_pid)
            os._exit(0)
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)

    def reap(self) -> None:
        """The pool knows of every child that has ended."""
        while self.children:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
            if not pid:
                return
            self.children.discard(pid)
            peak = usage.ru_maxrss // (1024 if sys.platform == "darwin" else 1)
            self.control.sendall(REPORT.pack(EXITED, pid, status, peak))
