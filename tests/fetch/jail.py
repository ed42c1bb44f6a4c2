"""A network of its own in which every address answers, and a fetcher that is let loose in it.

Run as ``python -m tests.fetch.jail LOOP FOLDER`` inside new network and mount namespaces (root
only). Leaves ``report.json`` in the folder: how each case ended and where connections came in.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import msgspec
import uvloop

from service.errors import FetchError
from service.fetch.client import Fetcher, Request
from service.settings import Settings
from tests.fetch.forbidden import FORBIDDEN_V4, FORBIDDEN_V6, PUBLIC, forbidden_hosts

PORTS = (22, 25, 53, 80, 81, 443, 2375, 5432, 6379, 8000, 8080, 8443, 9200, 11211)
NAME_SERVER = "127.0.0.1"
SAFE = "93.184.216.34"


class Report(msgspec.Struct):
    """What happened: by case its code or ``ok``; where connections came in."""

    cases: dict[str, str]
    connected: list[tuple[str, int]]


def set_up(folder: Path) -> None:
    """Every address, IPv4 and IPv6, is this machine; its name server is ours."""
    for command in (
        "ip link set lo up",
        "ip route add local 0.0.0.0/0 dev lo",
        "ip -6 route add local ::/0 dev lo",
        "mount --make-rprivate /",
    ):
        subprocess.run(command.split(), check=True)
    servers = folder / "resolv.conf"
    servers.write_text(f"nameserver {NAME_SERVER}\n")
    subprocess.run(["mount", "--bind", servers, "/etc/resolv.conf"], check=True)


class World:
    """A web server at every address, on many ports; it redirects where its URL says."""

    def __init__(self) -> None:
        self.connected: list[tuple[str, int]] = []

    async def open(self) -> None:
        for port in PORTS:
            for family, host in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
                await asyncio.start_server(self._serve, host, port, family=family)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = writer.get_extra_info("sockname")[:2]
        self.connected.append((host, port))
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            writer.write(answer(head.split(b" ", 2)[1].decode("latin-1")))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # not HTTP, or gone: that it connected is what counts
        finally:
            writer.close()


def answer(target: str) -> bytes:
    parts = urlsplit(target)
    to = parse_qs(parts.query).get("to", [""])[0].encode()
    if parts.path == "/robots.txt":
        return b"HTTP/1.1 404 x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    if parts.path == "/redirect":
        return (
            b"HTTP/1.1 302 x\r\nLocation: %b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % to
        )
    body = b"<meta http-equiv=refresh content='0;url=%b'>" % to if to else b"<p>ok"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d"
    return head % len(body) + b"\r\n\r\n" + body


class NameServer(asyncio.DatagramProtocol):
    """Answers names like ``x.one.10-0-0-1.example``: the kind of answer, and the address in it.

    ``one``: that address. ``mixed`` and ``mixed2``: a public one as well, after or before it.
    ``rebind``: a public one at first, that address ever after. ``alias``: a CNAME to ``one``.
    """

    def __init__(self) -> None:
        self._asked: set[bytes] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        end = data.index(b"\0", 12)
        name, (kind,) = data[12 : end + 1], struct.unpack(">H", data[end + 1 : end + 3])
        records = b"".join(self._records(name, kind))
        count = len(list(self._records(name, kind, is_asking=False)))
        head = data[:2] + struct.pack(">HHHHH", 0x8580, 1, count, 0, 0)
        self._transport.sendto(head + data[12 : end + 5] + records, addr)  # type: ignore[attr-defined]

    def _records(self, name: bytes, kind: int, is_asking: bool = True) -> Iterator[bytes]:
        labels = labels_of(name)
        if len(labels) < 3 or kind not in {1, 28}:
            return
        way, address = labels[-3], ip_address(labels[-2].replace("_", ":").replace("-", "."))
        addresses = {"mixed": [address, ip_address(SAFE)], "mixed2": [ip_address(SAFE), address]}
        answers = addresses.get(way, [address])
        if way == "rebind":
            key = name + bytes([kind])
            if key not in self._asked:
                answers = [ip_address(SAFE)]
            if not is_asking:
                self._asked.add(key)
        owner = b"\xc0\x0c"
        if way == "alias":
            target = b"\x03one" + name[name.index(b"\x05alias") + 6 :]
            yield owner + struct.pack(">HHIH", 5, 1, 0, len(target)) + target
            owner = target
        for one in answers:
            if (one.version == 4) == (kind == 1):
                yield owner + struct.pack(">HHIH", kind, 1, 0, len(one.packed)) + one.packed


def labels_of(name: bytes) -> list[str]:
    labels, at = [], 0
    while name[at]:
        labels.append(name[at + 1 : at + 1 + name[at]].decode("latin-1"))
        at += 1 + name[at]
    return labels


def named(way: str, address: str, number: int) -> str:
    """A host name that the name server answers with ``address`` in this ``way``."""
    exploded = ip_address(address).exploded
    return f"n{number}.{way}.{exploded.replace(':', '_').replace('.', '-')}.example"


def forbidden_urls() -> Iterator[str]:
    """Every way to a forbidden address: written, named, mixed, rebound, redirected, refreshed."""
    for host in forbidden_hosts():
        yield f"http://{host}/"
    for number, address in enumerate(FORBIDDEN_V4 + FORBIDDEN_V6):
        host = f"[{address}]" if ":" in address else address
        for way in ("one", "mixed", "mixed2", "alias"):
            yield f"http://{named(way, address, number)}/"
        for path in ("redirect", "refresh"):
            for target in (f"http://{host}/", f"http://{named('one', address, number)}:8080/"):
                yield f"http://{SAFE}/{path}?to={quote(target)}"
        yield f"http://{SAFE}/redirect?to={quote(f'//{host}:6379/')}"
    for port in PORTS:
        if port not in {80, 443, 8080, 8443}:
            yield f"http://{SAFE}:{port}/"
            yield f"http://{SAFE}/redirect?to={quote(f'http://{SAFE}:{port}/')}"


async def run() -> Report:
    world, cases = World(), dict[str, str]()
    await world.open()
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(NameServer, local_addr=(NAME_SERVER, 53))
    settings = Settings(fetch_per_host_max=10_000)
    async with Fetcher(settings, None) as fetcher:
        for url in forbidden_urls():
            cases[url] = await ended(fetcher, url)
            if "?" not in url:
                cases["POST " + url] = await posted(fetcher, url)
        for number, address in enumerate(FORBIDDEN_V4[:20]):
            url = f"http://{named('rebind', address, number)}/"
            cases["rebind " + url] = await ended(fetcher, url)
        for number, address in enumerate(PUBLIC):
            host = f"[{address}]" if ":" in address else address
            for url in (f"http://{host}/", f"http://{named('one', address, number)}:8080/"):
                cases["public " + url] = await ended(fetcher, url)
    return Report(cases, world.connected)


async def ended(fetcher: Fetcher, url: str) -> str:
    try:
        page = await fetcher.fetch(Request(url=url))
    except FetchError as error:
        return error.code
    return "ok" if page.content == b"<p>ok" else "other"


async def posted(fetcher: Fetcher, url: str) -> str:
    try:
        await fetcher.post(url, b"", {})
    except FetchError as error:
        return error.code
    return "ok"


if __name__ == "__main__":
    loop, folder = sys.argv[1], Path(sys.argv[2])
    set_up(folder)
    report = uvloop.run(run()) if loop == "uvloop" else asyncio.run(run())
    (folder / "report.json").write_bytes(msgspec.json.encode(report))
