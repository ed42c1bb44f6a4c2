"""What the description of the API says beside its routes: texts, headers, problems."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

INFO: Json = {
    "title": "Broadsheet",
    "version": "1.0.0",
    "summary": "Web pages in, structured articles out, none lost.",
    "description": (
        "Send a URL, HTML or text; get an article: headline, authors, dates, and a body of typed "
        "blocks. Every GET answers HEAD too. Every error is a problem document (RFC 9457) whose "
        "`code` is stable and whose `retryable` says whether to try again. Unknown parameters and "
        "fields are refused by name; clients must ignore unknown fields of answers: v1 only grows. "
        "Answers carry `X-Request-Id` and `traceparent`; lists are paged by opaque cursors."
    ),
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
}

TAGS: list[Json] = [
    {"name": "ingestions", "description": "Submitted pages and their results."},
    {"name": "extract", "description": "Extraction without storing."},
    {"name": "articles", "description": "Stored articles in all their formats, lists, sync."},
    {"name": "feeds", "description": "Feeds and sitemaps that are polled, or pushed by a hub."},
    {"name": "websub", "description": "Where hubs verify subscriptions and push."},
    {"name": "sources", "description": "Senders of signed webhooks, and their messages."},
    {"name": "endpoints", "description": "Where events are sent, and the log of deliveries."},
    {"name": "sites", "description": "How fetching from a site goes; rules for its pages."},
    {"name": "clients", "description": "Calling services and their keys."},
    {"name": "health", "description": "For probes."},
]

SECURITY: Json = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A client key. `x-scope` of an operation names the scope that it needs.",
    },
    "api_key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
}

PROBLEMS: dict[int, str] = {
    400: "The request is not valid; `errors` names every fault.",
    401: "A valid client key is required.",
    403: "The client key lacks the scope.",
    404: "Not found, or another client's.",
    406: "Not available in a format that the caller accepts.",
    408: "The body did not arrive in time.",
    409: "Not possible in this state, or a request with this Idempotency-Key is in progress.",
    410: "Deleted, or expired.",
    412: "Changed since the caller read it (If-Match).",
    413: "The body is too large.",
    414: "The URL is too long.",
    415: "The body's media type or content coding is not supported.",
    422: "The page is not an article, or the Idempotency-Key was used for another request.",
    429: "The quota is used up, or too many pages are waiting; retry after `Retry-After`.",
    500: "An internal error; quote `trace_id` when reporting it.",
    502: "The page could not be fetched.",
    503: "Overloaded, or the database is unavailable; retry after `Retry-After`.",
}

HEADERS: Json = {
    "Retry-After": {"schema": {"type": "integer", "minimum": 0}, "description": "Seconds."},
    "Location": {"schema": {"type": "string"}, "description": "URL of what was created."},
    "Link": {"schema": {"type": "string"}, "description": 'The next page: `rel="next"`.'},
    "ETag": {"schema": {"type": "string"}, "description": "Strong, per representation."},
    "Preference-Applied": {
        "schema": {"type": "string"},
        "description": "The wait that was applied.",
    },
    "Idempotency-Replayed": {
        "schema": {"type": "string", "const": "true"},
        "description": "This answer repeats an earlier one.",
    },
    "RateLimit-Policy": {
        "schema": {"type": "string"},
        "description": 'The quota of the client, as in `"default";q=6000;w=60`: 6,000 requests in '
        "60 seconds.",
    },
    "RateLimit": {
        "schema": {"type": "string"},
        "description": 'What is left of it, as in `"default";r=5940;t=1`.',
    },
    "Repr-Digest": {"schema": {"type": "string"}, "description": "RFC 9530, sha-256."},
}

OF_A_CLIENT = ("RateLimit-Policy", "RateLimit")
"""Headers of every answer to a caller with a key."""

PARAMETERS: Json = {
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Makes this request safe to repeat for 24 hours: repeats get the first "
        "answer. Quoted or bare, 1 to 255 printable ASCII characters.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]*[!-~]$"},
    },
    "Prefer": {
        "name": "Prefer",
        "in": "header",
        "description": "`wait=N`: answer when the ingestion ends, or after N seconds (RFC 7240).",
        "schema": {"type": "string"},
    },
    "If-Match": {
        "name": "If-Match",
        "in": "header",
        "description": "Only if the article's ETag is one of these.",
        "schema": {"type": "string", "pattern": '^("[!#-~]*"|\\*)$'},
    },
    "If-None-Match": {
        "name": "If-None-Match",
        "in": "header",
        "description": "Answer 304 if the ETag is one of these.",
        "schema": {"type": "string"},
    },
}
