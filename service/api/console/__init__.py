"""/console: pages for operators.

Server-rendered, no script, nothing from elsewhere. The browser asks for a client key as the
password of HTTP Basic; it needs the scope ``admin``. What changes something is a form of our own
page, which the browser's ``Sec-Fetch-Site`` proves.
"""

from __future__ import annotations

from litestar import Router

from service.api.console import actions, views

ROUTER = Router(
    "/console",
    route_handlers=[
        views.show_overview,
        views.show_failures,
        views.show_articles,
        views.show_article,
        views.show_preview,
        views.show_original,
        views.show_feeds,
        views.show_endpoints,
        views.show_clients,
        actions.retry_ingestion,
        actions.retry_failures,
        actions.poll_feed,
        actions.redeliver,
        actions.enable_endpoint,
    ],
)
