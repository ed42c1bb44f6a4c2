"""Environment -> one frozen ``Settings``; the only reader of ``os.environ``.

``DATABASE_URL``, ``REDIS_URL``, ``DATA_DIR`` and ``PORT`` have the names that every platform
uses; all others are ``BROADSHEET_<FIELD>``. A secret ``X`` may also be given as ``X_FILE``, the
path of a file that holds it. An unknown ``BROADSHEET_`` name or a value of the wrong type is a
``SettingsError`` that names it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

PLAIN = frozenset({"database_url", "redis_url", "data_dir", "port"})
PREFIX = "BROADSHEET_"


class SettingsError(ValueError):
    """A setting is unknown, missing or of the wrong type; the text names it."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings; units are in the names. Comments here are copied to service.env.example."""

    # Where the servers are
    database_url: str = ""
    redis_url: str = ""
    data_dir: str = ".data"
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    api_processes: int = 1

    # Secrets: pepper of client keys, and the key that encrypts webhook secrets at rest
    secret: str = ""

    # Limits of requests
    body_bytes_max: int = 10_000_000
    body_inflated_bytes_max: int = 20_000_000
    body_read_s: float = 30.0
    requests_in_flight_max: int = 256
    rate_per_minute: int = 6_000
    queue_depth_max: int = 1_000_000
    queue_depth_per_client_max: int = 200_000
    wait_max_s: float = 30.0

    # Postgres and Redis
    database_pool_max: int = 10
    database_timeout_s: float = 10.0

    # Work
    worker_concurrency: int = 16
    lease_s: float = 20.0
    heartbeat_s: float = 5.0
    attempts_max: int = 5
    drain_s: float = 20.0
    sweep_s: float = 2.0
    worker_metrics_port: int = 0
    idempotency_keep_s: float = 86_400.0

    # Parsing
    parsers: int = 0
    parse_wall_s: float = 10.0
    parse_cpu_s: float = 10.0
    parse_memory_bytes: int = 1_000_000_000

    # Fetching
    user_agent: str = "Broadsheet/1.0 (+https://github.com/broadsheet)"
    fetch_total_s: float = 30.0
    fetch_connect_s: float = 10.0
    fetch_dns_s: float = 5.0
    fetch_wire_bytes_max: int = 10_000_000
    fetch_inflated_bytes_max: int = 20_000_000
    fetch_redirects_max: int = 5
    fetch_ports: tuple[int, ...] = (80, 443, 8080, 8443)
    fetch_allow: tuple[str, ...] = ()
    fetch_per_host_max: int = 2
    robots: bool = True

    # Keeping
    snapshot_keep_days: int = 0
    tombstone_keep_days: int = 90
    delivery_keep_days: int = 30
    ingestion_keep_days: int = 90

    log_level: str = "info"


SECRETS = frozenset({"secret", "database_url", "redis_url"})


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
            raise SettingsError(f"{variable(field.name)}: {error}") from error
    return Settings(**values)  # type: ignore[arg-type]
