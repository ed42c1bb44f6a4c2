"""Version 1: its routes, one module per noun."""

from __future__ import annotations

from litestar import Router

from service.api.v1 import articles, clients, extraction, ingestions, originals, sites

ROUTER = Router(
    "/v1",
    route_handlers=[
        ingestions.create_ingestion,
        ingestions.create_batch,
        ingestions.list_ingestions,
        ingestions.get_ingestion,
        ingestions.retry_ingestion,
        ingestions.cancel_ingestion,
        extraction.extract,
        articles.list_articles,
        articles.get_article,
        articles.annotate_article,
        articles.delete_article,
        articles.look_up_articles,
        articles.get_articles,
        articles.list_revisions,
        articles.get_revision,
        originals.get_source,
        sites.get_site,
        clients.create_client,
        clients.list_clients,
        clients.get_client,
        clients.delete_client,
        clients.create_key,
        clients.revoke_key,
    ],
)
