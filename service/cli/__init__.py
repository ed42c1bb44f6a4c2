"""The command line: ``python -m service --help``. A command imports what it needs when it runs."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import click

from service.settings import Settings, SettingsError, read_settings


class Commands(click.Group):
    """Errors that say what to do are shown as they are; all others keep their traceback."""

    def invoke(self, context: click.Context) -> Any:
        from service.db.migrate import MigrationError
        from service.embedded import EmbeddedError
        from service.errors import BroadsheetError

        try:
            return super().invoke(context)
        except (SettingsError, EmbeddedError, MigrationError, BroadsheetError) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Broadsheet: web pages in, structured articles out, none lost."""


@main.command()
def migrate() -> None:
    """Bring the database of DATABASE_URL to the schema of this code."""
    from service.db import migrate as migrations

    done = asyncio.run(migrations.migrate(with_database(read_settings()).database_url))
    click.echo("\n".join(done) or "nothing to do")


@main.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), required=False)
@click.option("--url", help="The address of the page: links are resolved by it.")
@click.option("--text", is_flag=True, help="The file is plain text, not HTML.")
@click.option("--explain", is_flag=True, help="Say on stderr what was read from where.")
@click.option("--view", type=click.Path(path_type=Path), help="Write the article as a page here.")
@click.option("--ndjson", is_flag=True, help="Many pages: lines in from stdin, lines out.")
def extract(  # noqa: PLR0917 (click passes them by name)
    file: Path | None, url: str | None, text: bool, explain: bool, view: Path | None, ndjson: bool
) -> None:
    """Print the article of a page as JSON. Needs no Postgres and no Redis.

    With --ndjson, stdin has lines of {"id", "url", "html"} (or "html_path", plain or .gz) and
    stdout gets, in the same order, lines of {"id", "article", "text", "ms"} or {"id", "error"}.
    """
    from service.cli import pages

    if ndjson:
        sys.exit(pages.extract_lines(read_settings()))
    if file is None:
        raise click.UsageError("name a FILE, or - for stdin, or use --ndjson")
    pages.extract_file(file, url, is_text=text, explain=explain, view=view)


def with_database(settings: Settings) -> Settings:
    """The settings, once they name a database."""
    if not settings.database_url:
        raise SettingsError("DATABASE_URL is not set: postgresql://user:password@host/database")
    return settings
