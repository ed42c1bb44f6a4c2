"""Environment -> one frozen ``Settings``; the only reader of ``os.environ``.

``DATABASE_URL``, ``REDIS_URL``, ``DATA_DIR`` and ``PORT`` have the names that every platform
uses; all others are ``BROADSHEET_<FIELD>``. A secret ``X`` may also be given as ``X_FILE``, the
path of a file that holds it. An unknown ``BROADSHEET_`` name or a value of the wrong type is a
``SettingsError`` that names it.
"""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec

PLAIN = frozenset({"database_url", "redis_url", "data_dir", "port"})
PREFIX = "BROADSHEET_"


Port = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
Count = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
CountOrNone = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
Seconds = Annotated[float, msgspec.Meta(gt=0, le=31_622_400)]
SecondsOrNone = Annotated[float, msgspec.Meta(ge=0, le=31_622_400)]


class SettingsError(ValueError):
    """A setting is unknown, missing or of the wrong type; the text names it."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings; units are in the names; ``described`` copies the comments."""

    # Where the servers are
    database_url: str = ""  # postgresql://user:password@host:5432/database; Postgres 15 or newer
    redis_url: str = ""  # redis://host:6379/0; Redis 7, Valkey 8 or newer
    data_dir: str = ".data"  # where make run keeps its servers' data, its secret and key
    host: str = "127.0.0.1"  # the address to listen on; 0.0.0.0 in a container
    port: Port = 8000  # the port of the API
    public_url: str = ""  # https://..., as callers reach the API; hubs call back there
    api_processes: Count = 1  # processes that serve; one per core
    cors_origins: tuple[str, ...] = ()  # of browser apps that may call: https://app.example; *: any

    # Secrets: hashes client keys, and encrypts the secrets of webhooks at rest
    secret: str = ""  # at least 32 random characters: openssl rand -base64 32

    # Limits of requests
    body_bytes_max: Count = 10_000_000  # of a request as sent
    body_inflated_bytes_max: Count = 20_000_000  # of a request after gzip, br or zstd
    body_read_s: Seconds = 30.0  # in which a body ends, or brings 1,000 bytes for each second
    requests_in_flight_max: Count = 256  # per process; more are answered 503 at once
    rate_per_minute: Count = 6_000  # requests of one client
    queue_depth_max: Count = 1_000_000  # pages that wait; more are answered 503
    queue_depth_per_client_max: Count = 200_000  # the same of one client, answered 429
    wait_max_s: Seconds = 30.0  # the longest Prefer: wait
    shutdown_delay_s: SecondsOrNone = 5.0  # after SIGTERM the API serves on, with /readyz 503

    # Postgres and Redis
    documents_kept_bytes: CountOrNone = 64_000_000  # of articles read last, in memory, per process
    database_pool_max: Count = 10  # connections per process
    database_timeout_s: Seconds = 10.0  # for one statement

    # Work
    worker_concurrency: Count = 16  # pages under way in one worker
    lease_s: Seconds = 20.0  # a worker silent for so long has lost its page to another
    heartbeat_s: Seconds = 5.0  # how often a worker says that it is alive
    attempts_max: Count = 5  # attempts of one page
    drain_s: Seconds = 20.0  # from SIGTERM, or that delay, to the end of what is under way
    sweep_s: Seconds = 2.0  # how often rows that are due are looked for
    worker_metrics_port: Port = 0  # where a worker shows /metrics; 0: nowhere
    idempotency_keep_s: Seconds = 86_400.0  # an answer to an Idempotency-Key is kept

    # Parsing
    parsers: CountOrNone = 0  # children that parse, per process; 0: one per core
    parse_wall_s: Seconds = 10.0  # for one page
    parse_cpu_s: Seconds = 10.0  # for one page
    parse_memory_bytes: Count = 1_000_000_000  # of one child

    # Fetching
    user_agent: str = "Broadsheet/1.0 (+https://github.com/broadsheet)"  # how we present ourselves
    fetch_total_s: Seconds = 30.0  # for one page, redirects included
    fetch_connect_s: Seconds = 10.0  # for one connection, TLS included
    fetch_dns_s: Seconds = 5.0  # for one name
    fetch_wire_bytes_max: Count = 10_000_000  # of a page as sent
    fetch_inflated_bytes_max: Count = 20_000_000  # of a page after decoding
    fetch_redirects_max: CountOrNone = 5  # followed for one page
    fetch_ports: tuple[Port, ...] = (80, 443, 8080, 8443)  # that may be fetched from
    fetch_allow: tuple[str, ...] = ()  # private ones to fetch from: 10.0.0.0/8, .corp.example:80
    fetch_per_host_max: Count = 2  # connections to one host at once
    robots: bool = True  # robots.txt is obeyed

    # Keeping
    snapshot_keep_days: CountOrNone = 0  # original bytes; 0: for ever
    tombstone_keep_days: Count = 90  # deletions in /v1/changes
    delivery_keep_days: Count = 30  # the log of webhooks sent
    ingestion_keep_days: Count = 90  # ingestions that have ended

    # Log
    log_level: str = "info"  # debug, info, warning or error

    @property
    def stop_s(self) -> float:
        """After SIGTERM a process has ended in this time, or it hangs."""
        return self.shutdown_delay_s + self.drain_s + 5


SECRETS = frozenset({"secret", "database_url", "redis_url"})
ORIGIN = re.compile(r"\*|https?://[a-z0-9.-]+(?::\d{1,5})?")
"""As browsers write it: lower case, nothing after host and port."""
SCHEMES = {
    "database_url": ("postgresql://", "postgres://"),
    "redis_url": ("redis://", "rediss://", "unix://"),
    "public_url": ("https://", "http://"),
}


def variable(name: str) -> str:
    """The variable of a field: ``port`` is ``PORT``, ``robots`` is ``BROADSHEET_ROBOTS``."""
    return name.upper() if name in PLAIN else PREFIX + name.upper()


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of ``environ`` (default: the process's); raises ``SettingsError``."""
    environ = os.environ if environ is None else environ
    given = {
        name: text
        for name in Settings.__struct_fields__
        if (text := _given(environ, name)) is not None
    }
    known = {variable(name) for name in Settings.__struct_fields__}
    known |= {variable(name) + "_FILE" for name in SECRETS}
    unknown = sorted(key for key in environ if key.startswith(PREFIX) and key not in known)
    if unknown:
        raise SettingsError(f"unknown setting: {', '.join(unknown)}")
    return _convert(given)


def described() -> str:
    """Every setting with its comment and default, in the form of an env file."""
    lines = ["# Every setting of the service. One that is commented out has the default shown."]
    for line in inspect.getsource(Settings).split("\n"):
        if group := re.fullmatch(r"    # (.+)", line):
            lines += ["", f"# --- {group[1]}"]
        elif field := re.fullmatch(r"    (\w+): .*?  # (.+)", line):
            default = getattr(_DEFAULTS, field[1])
            lines += [f"# {field[2]}", f"#{variable(field[1])}={_written(default)}"]
    return "\n".join(lines) + "\n"


_DEFAULTS = Settings()


def _written(default: object) -> str:
    if isinstance(default, tuple):
        return ",".join(map(str, default))
    return str(default).lower() if isinstance(default, bool) else str(default)


def _given(environ: Mapping[str, str], name: str) -> str | None:
    path = environ.get(variable(name) + "_FILE") if name in SECRETS else None
    if path:
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise SettingsError(f"{variable(name)}_FILE cannot be read: {error}") from error
    return environ.get(variable(name)) or None


def _convert(given: dict[str, str]) -> Settings:
    values: dict[str, object] = {}
    for field in msgspec.structs.fields(Settings):
        text = given.get(field.name)
        if text is None:
            continue
        is_list = isinstance(field.default, tuple)
        value = [part.strip() for part in text.split(",") if part.strip()] if is_list else text
        try:
            values[field.name] = msgspec.convert(value, field.type, strict=False)
        except msgspec.ValidationError as error:
            shown = "" if field.name in SECRETS else f": {text!r}"
            raise SettingsError(f"{variable(field.name)}: {error}{shown}") from error
    settings = Settings(**values)  # type: ignore[arg-type]
    _check(settings)
    return settings


def _check(settings: Settings) -> None:
    """What the types do not say; raises ``SettingsError``."""
    for name, schemes in SCHEMES.items():
        url: str = getattr(settings, name)
        if url and not url.startswith(schemes):
            raise SettingsError(f"{variable(name)}: expected it to begin with {schemes[0]}")
    for origin in settings.cors_origins:
        if not ORIGIN.fullmatch(origin):
            name = variable("cors_origins")
            raise SettingsError(f"{name}: {origin!r} is no origin: https://host, or *")
    if settings.heartbeat_s >= settings.lease_s:
        beat, lease = variable("heartbeat_s"), variable("lease_s")
        raise SettingsError(f"{beat} must be shorter than {lease}, or leases run out")
