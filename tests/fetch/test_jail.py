"""The fetcher in a network where every address answers: only public ones are ever connected to."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from ipaddress import ip_address
from pathlib import Path

import msgspec
import pytest

from tests.fetch.forbidden import PUBLIC
from tests.fetch.jail import SAFE, Report

UNSHARE = ["unshare", "--net", "--mount"]


def jail_is_possible() -> bool:
    """True if this process may make namespaces and has iproute2."""
    if os.geteuid() != 0 or not all(map(shutil.which, ("ip", "unshare", "mount"))):
        return False
    probe = [*UNSHARE, "ip", "link", "set", "lo", "up"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not jail_is_possible(), reason="needs root, unshare and iproute2: no jail here")
@pytest.mark.timeout(400)
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_only_public_addresses_are_connected_to(loop: str, tmp_path: Path) -> None:
    """Thousands of forbidden ways, real name server, real sockets: none leads to a connection."""
    command = [*UNSHARE, sys.executable, "-m", "tests.fetch.jail", loop, str(tmp_path)]

    ran = subprocess.run(command, capture_output=True, timeout=380, check=False)

    assert ran.returncode == 0, ran.stderr.decode()[-2_000:]
    report = msgspec.json.decode((tmp_path / "report.json").read_bytes(), type=Report)
    allowed = {inner(address) for address in [*PUBLIC, SAFE]}
    reached = {(inner(host), port) for host, port in report.connected}
    assert {(host, port) for host, port in reached if host not in allowed} == set()
    assert {port for _, port in reached} <= {80, 443, 8080, 8443}
    forbidden, public = Counter[str](), Counter[str]()
    for case, code in report.cases.items():
        (public if case.startswith(("public ", "rebind ")) else forbidden)[code] += 1
    assert set(forbidden) == {"url_forbidden"}, wrong(report, "url_forbidden")
    assert set(public) == {"ok"}, wrong(report, "ok")
    assert forbidden.total() > 1_000


def inner(host: str) -> str:
    """The address that is meant: the IPv4 one in a mapped address."""
    address = ip_address(host)
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def wrong(report: Report, code: str) -> list[tuple[str, str]]:
    """Some cases that ended otherwise."""
    return [(case, ended) for case, ended in report.cases.items() if ended != code][:20]
