"""The pages of the console."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from litestar import get
from litestar.params import FromPath, QueryParameter
from litestar.response.base import ASGIResponse

from service import document
from service.api.console.access import require_admin
from service.api.console.page import (
    Html,
    button,
    lines,
    link,
    page,
    section,
    state,
    table,
    text,
    tiles,
)
from service.api.request import ApiRequest
from service.db import clients, console, gauges, snapshots
from service.errors import NotFound
from service.pace import offloaded
from service.packed import unpack
from service.render import PAGE_CSP, to_page

INSIDE = "frame-ancestors 'self'"
ORIGINAL_CSP = (
    f"default-src 'none'; img-src https: http:; style-src 'unsafe-inline'; {INSIDE}; sandbox"
)
Text = Annotated[str | None, QueryParameter(max_length=300)]
"""What a list of failures is narrowed to."""


@get("/", public=True, include_in_schema=False)
async def show_overview(request: ApiRequest) -> ASGIResponse:
    """Queues, throughput and failures at a glance."""
    require_admin(request)
    db = request.runtime.db
    hours = await console.throughput(db)
    succeeded, failed = sum(one.succeeded for one in hours), sum(one.failed for one in hours)
    rate = f"{succeeded / (succeeded + failed):.0%}" if succeeded + failed else "-"
    busy = [hour for hour in hours if hour.succeeded or hour.failed]
    return page(
        "/console",
        "Overview",
        tiles([("succeeded in 24 h", succeeded), ("failed", failed), ("success", rate)]),
        section(
            "Queues",
            table(
                ["Queue", "Ready", "Under way", "Waiting to retry", "Oldest ready, s"],
                [
                    (one.lane, one.ready, one.running, one.delayed, round(one.age_s, 1))
                    for one in await gauges.queues(db)
                ],
            ),
        ),
        section("Failures by site and code", await _groups(request)),
        section(
            "Throughput by hour",
            table(
                ["Hour (UTC)", "Succeeded", "Failed"],
                [(hour.hour, hour.succeeded, hour.failed) for hour in busy],
            ),
        ),
    )


async def _groups(request: ApiRequest) -> Html:
    found = await console.failure_groups(request.runtime.db)
    rows = []
    for one in found:
        which = urlencode({"code": one.code, "site": one.site})
        shown = link(f"/console/failures?{which}", one.code)
        again = button(f"/console/failures/retry?{which}", "Retry", f"{one.code} {one.site}")
        rows.append((one.site, shown, one.total, one.last_at, again))
    return table(["Site", "Code", "Failures", "Last (UTC)", ""], rows)


@get("/failures", public=True, include_in_schema=False)
async def show_failures(request: ApiRequest, code: Text = None, site: Text = None) -> ASGIResponse:
    """Ingestions that failed, each with its reason and a button to retry."""
    require_admin(request)
    found = await console.failed(request.runtime.db, code, site)
    rows = [
        (
            one.finished_at, one.requested_url, lines(one.error_code, one.error_detail),
            one.attempt, button(f"/console/ingestions/{one.id}/retry", "Retry", one.requested_url),
        )
        for one in found
    ]  # fmt: skip
    heads = ["When (UTC)", "Address", "Reason", "Attempts", ""]
    return page(
        "/console/failures", "Failures",
        section("By site and code", await _groups(request)),
        section(f"The last {len(rows)}{_chosen(code, site)}", table(heads, rows)),
        link("/console/failures", "Show all") if code or site else Html(""),
    )  # fmt: skip


def _chosen(code: str | None, site: str | None) -> str:
    """``("timeout", "a.example")`` -> ``" with timeout at a.example"``."""
    return (f" with {code}" if code else "") + (f" at {site}" if site else "")


@get("/articles", public=True, include_in_schema=False)
async def show_articles(request: ApiRequest) -> ASGIResponse:
    """Articles as they come in."""
    require_admin(request)
    rows = [
        (
            one.updated_at, lines(
                link(f"/console/articles/{one.id}", one.headline or "(no headline)"), one.url
            ),
            one.page_kind, one.language, one.word_count, one.revision,
        )
        for one in await console.recent(request.runtime.db)
    ]  # fmt: skip
    heads = ["When (UTC)", "Article", "Kind", "Language", "Words", "Revision"]
    return page("/console/articles", "Articles", table(heads, rows))


@get("/articles/{article_id:uuid}", public=True, include_in_schema=False)
async def show_article(request: ApiRequest, article_id: FromPath[UUID]) -> ASGIResponse:
    """An article beside the page that it was made of."""
    require_admin(request)
    doc = await request.runtime.reader.doc(article_id)
    if doc is None:
        raise NotFound("there is no such article")
    article = document.unpack(doc.body)
    warnings = ", ".join(article.quality.warnings) or "none"
    facts = table(
        ["Field", "Value", "From"],
        [
            (name, value and str(value)[:300], article.provenance.get(name))
            for name, value in (
                ("headline", article.headline), ("byline", article.byline),
                ("published", article.published.at or article.published.raw),
                ("language", article.language and article.language.code),
                ("page_kind", article.page_kind), ("quality", article.quality.score),
                ("warnings", warnings),
            )
        ],
    )  # fmt: skip
    base = f"/console/articles/{article_id}"
    frames = Html(
        f'<div class="pair"><iframe sandbox title="Article" src="{base}/preview"></iframe>'
        f'<iframe sandbox title="Original" src="{base}/original"></iframe></div>'
    )
    source = text(article.url or "")
    return page(
        "/console/articles", article.headline or "Article", Html(f"<p>{source}</p>"), frames, facts
    )


@get("/articles/{article_id:uuid}/preview", public=True, include_in_schema=False)
async def show_preview(request: ApiRequest, article_id: FromPath[UUID]) -> ASGIResponse:
    """The article as its readers see it."""
    require_admin(request)
    doc = await request.runtime.reader.doc(article_id)
    if doc is None:
        raise NotFound("there is no such article")
    body = to_page(document.unpack(doc.body)).encode("utf-8", "replace")
    policy = PAGE_CSP.replace("frame-ancestors 'none'", INSIDE)
    return _framed(body, policy)


@get("/articles/{article_id:uuid}/original", public=True, include_in_schema=False)
async def show_original(request: ApiRequest, article_id: FromPath[UUID]) -> ASGIResponse:
    """The page that was fetched or sent, without any script of it."""
    require_admin(request)
    kept = await snapshots.of_article(request.runtime.db, article_id)
    if kept is None:
        return _framed(b"<p>The original bytes are no longer kept.</p>", ORIGINAL_CSP)
    body = await offloaded(kept.content_bytes, unpack, kept.content, kept.content_bytes)
    media_type = "text/plain" if kept.media_type == "text/plain" else "text/html"
    charset = f"; charset={kept.charset}" if kept.charset else ""
    return _framed(body, ORIGINAL_CSP, media_type + charset)


def _framed(
    body: bytes, policy: str, content_type: str = "text/html; charset=utf-8"
) -> ASGIResponse:
    """The type is given as a header: as a media type it would get a charset whatever it states,
    and an original that states none has one of its own, in its ``meta``."""
    headers = {
        "content-security-policy": policy, "cache-control": "no-store",
        "content-type": content_type,
    }  # fmt: skip
    return ASGIResponse(body=body, headers=headers)


@get("/feeds", public=True, include_in_schema=False)
async def show_feeds(request: ApiRequest) -> ASGIResponse:
    """Feeds, those that fail first."""
    require_admin(request)
    rows = [
        (
            lines(one.title, one.url), state(one.state), one.failures, one.error_code,
            one.items_seen, one.polled_at, one.due_at, one.websub,
            button(f"/console/feeds/{one.id}/poll", "Poll now", one.title or one.url),
        )
        for one in await console.feeds(request.runtime.db)
    ]  # fmt: skip
    heads = ["Feed", "State", "Failures", "Code", "Items", "Polled", "Next", "Hub", ""]
    return page("/console/feeds", "Feeds", table(heads, rows))


@get("/endpoints", public=True, include_in_schema=False)
async def show_endpoints(request: ApiRequest) -> ASGIResponse:
    """Endpoints and the deliveries that did not arrive at once."""
    require_admin(request)
    db = request.runtime.db
    rows = [
        (
            one.url, one.kind, state(one.state), one.disabled_reason, one.failures,
            one.failing_since, one.waiting,
            button(f"/console/endpoints/{one.id}/enable", "Enable", one.url)
            if one.state == "disabled" else "",
        )
        for one in await console.endpoints(db)
    ]  # fmt: skip
    troubled = [
        (
            one.created_at, one.type, one.url, state(one.state), one.attempt, one.http_status,
            one.error_code,
            button(
                f"/console/deliveries/{one.id}/redeliver", "Redeliver", f"{one.type} {one.url}"
            ),
        )
        for one in await console.troubled(db)
    ]  # fmt: skip
    heads = ["Address", "Kind", "State", "Why", "Failures", "Since", "Waiting", ""]
    columns = ["When (UTC)", "Event", "Address", "State", "Attempts", "Status", "Code", ""]
    return page(
        "/console/endpoints", "Endpoints", table(heads, rows),
        section("Deliveries in trouble", table(columns, troubled)),
    )  # fmt: skip


@get("/clients", public=True, include_in_schema=False)
async def show_clients(request: ApiRequest) -> ASGIResponse:
    """Clients and their keys, by the part of a key that may be shown."""
    require_admin(request)
    rows = [
        (
            key.name, key.prefix + "…", ", ".join(key.scopes), key.created_at, key.last_used_at,
            key.revoked_at,
        )
        for key in await clients.list_keys(request.runtime.db)
    ]  # fmt: skip
    heads = ["Client", "Key", "Scopes", "Made", "Last used", "Revoked"]
    return page("/console/clients", "Clients", table(heads, rows))
