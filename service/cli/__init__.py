"""The command line: ``python -m service --help``. A command imports what it needs when it runs."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import click

from service.log import LEVELS
from service.settings import Settings, SettingsError, read_settings

SCOPES = ("ingest", "read", "source", "hooks", "admin")
SECRET_LENGTH_MIN = 32


class Commands(click.Group):
    """Errors that say what to do are shown as they are; all others keep their traceback."""

    def invoke(self, context: click.Context) -> Any:
        from service.db.migrate import MigrationError
        from service.embedded import EmbeddedError
        from service.errors import BroadsheetError, DatabaseUnavailable

        try:
            return super().invoke(context)
        except (SettingsError, EmbeddedError, MigrationError, BroadsheetError) as error:
            reason = f" ({error.__cause__})" if isinstance(error, DatabaseUnavailable) else ""
            raise click.ClickException(f"{error}{reason}") from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Broadsheet: web pages in, structured articles out, none lost."""


@main.command()
@click.option("--worker", is_flag=True, help="Run a worker beside it, as a child process.")
def api(worker: bool) -> None:
    """Serve the HTTP API (settings: HOST, PORT, BROADSHEET_API_PROCESSES)."""
    from service.cli import serve

    serve.api(connected(), with_worker=worker)


@main.command()
def worker() -> None:
    """Work on what is queued, until SIGTERM."""
    from service.cli import serve

    serve.worker(connected())


@main.command()
def dev() -> None:
    """Start everything on this machine: Postgres, Valkey, API and worker."""
    from service.cli.dev import run

    run(read_settings())


@main.command()
@click.option(
    "--restored", is_flag=True,
    help="The database was restored from a backup of its files: clients of /v1/changes resync.",
)  # fmt: skip
def migrate(restored: bool) -> None:
    """Bring the database of DATABASE_URL to the schema of this code.

    After pg_restore it also starts the log of changes anew, whose numbers are another server's.
    """
    from service.db import migrate as migrations
    from service.db.sync_epoch import begin_anew

    url = with_database(read_settings()).database_url
    done = asyncio.run(migrations.migrate(url))
    if asyncio.run(begin_anew(url, asked=restored)):
        done.append("the log of changes was started anew: earlier cursors are cursor_expired")
    click.echo("\n".join(done) or "nothing to do")


@main.command()
def openapi() -> None:
    """Print the API's description (openapi/v1.json is this, committed)."""
    from service.api import openapi as description

    click.echo(description.document().decode(), nl=False)


@main.command()
def health() -> None:
    """Succeed if the API of this machine lives (for a container's health check)."""
    from service.cli.serve import answers, base_url

    url = f"{base_url(read_settings())}/livez"
    if not answers(url):
        raise click.ClickException(f"{url} does not answer 200")


@main.command("settings")
def show_settings() -> None:
    """Print every setting with its default, as an env file."""
    from service.settings import described

    click.echo(described(), nl=False)


@main.command()
@click.argument(
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, readable=True, allow_dash=True),
    required=False,
)
@click.option("--url", help="The address of the page: links are resolved by it.")
@click.option(
    "--text/--html", default=None, help="What the file is; without either, what it looks like."
)
@click.option("--explain", is_flag=True, help="Say on stderr what was kept and dropped, and why.")
@click.option(
    "--view", type=click.Path(path_type=Path), help="Write page and article side by side here."
)
@click.option("--ndjson", is_flag=True, help="Many pages: lines in from stdin, lines out.")
def extract(  # noqa: PLR0917 (click passes them by name)
    file: Path | None,
    url: str | None,
    text: bool | None,
    explain: bool,
    view: Path | None,
    ndjson: bool,
) -> None:
    """Print the article of a page as JSON. Needs no Postgres and no Redis.

    With --ndjson, stdin has lines of {"id", "url", "html"} (or "html_path", plain or .gz, or
    "text") and
    stdout gets, in the same order, lines of {"id", "article", "text", "ms"} or {"id", "error"}.
    """
    from service.cli import pages

    if ndjson:
        sys.exit(pages.extract_lines(read_settings()))
    if file is None:
        raise click.UsageError("name a FILE, or - for stdin, or use --ndjson")
    pages.extract_file(file, url, is_text=text, explain=explain, view=view)


@main.group()
def client() -> None:
    """Clients and their keys."""


@client.command("create")
@click.option("--name", required=True, help="Who calls.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), required=True)
def client_create(name: str, scopes: tuple[str, ...]) -> None:
    """Make a client and print its key, which is never shown again."""
    from service.cli import clients

    click.echo(asyncio.run(clients.create(connected(), name, scopes)))


@client.command("list")
def client_list() -> None:
    """List all keys, revoked ones too."""
    from service.cli import clients

    for line in asyncio.run(clients.describe(with_database(read_settings()))):
        click.echo(line)


@client.command("revoke")
@click.argument("key_id", type=click.UUID)
def client_revoke(key_id: Any) -> None:
    """Refuse a key from now on; KEY_ID is its id in the list."""
    from service.cli import clients

    if not asyncio.run(clients.revoke(with_database(read_settings()), key_id)):
        raise click.ClickException(f"there is no key {key_id}: see client list")
    click.echo("revoked; it is refused within five seconds")


def with_database(settings: Settings) -> Settings:
    """The settings, once they name a database."""
    if not settings.database_url:
        raise SettingsError("DATABASE_URL is not set: postgresql://user:password@host/database")
    return settings


def connected() -> Settings:
    """The settings of the environment, once they name all that the service needs."""
    settings = with_database(read_settings())
    if not settings.redis_url:
        raise SettingsError("REDIS_URL is not set: redis://host:6379/0")
    if not settings.secret:
        raise SettingsError("BROADSHEET_SECRET is not set: openssl rand -base64 32 makes one")
    if len(settings.secret) < SECRET_LENGTH_MIN:
        raise SettingsError(
            f"BROADSHEET_SECRET is shorter than {SECRET_LENGTH_MIN} characters: "
            "openssl rand -base64 32 makes one"
        )
    if settings.log_level not in LEVELS:
        raise SettingsError(f"BROADSHEET_LOG_LEVEL: expected one of {', '.join(LEVELS)}")
    return settings
