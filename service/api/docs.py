"""The OpenAPI document, and a page to read and try it, without resources of other hosts."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from litestar import get
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from service.api import compression, openapi
from service.api.request import ApiRequest
from service.document import decompress
from service.errors import NotFound

STATIC = Path(__file__).parent / "static"
SCRIPTS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "theme.js": "text/javascript",
    "start.js": "text/javascript",
}
PAGE_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
KEEP = {"cache-control": "public, max-age=3600"}


@cache
def _file(name: str) -> tuple[bytes, bool]:
    """The bytes of a file of ``static``, and whether they are gzip."""
    packed = STATIC / f"{name}.gz"
    return (packed.read_bytes(), True) if packed.exists() else ((STATIC / name).read_bytes(), False)


@get("/", public=True, include_in_schema=False)
async def redirect_to_docs() -> ASGIResponse:
    """A browser that opens the bare address is redirected to the documentation."""
    return ASGIResponse(status_code=307, headers=KEEP | {"location": "/docs"})


@get("/docs", public=True, include_in_schema=False)
async def show_docs() -> ASGIResponse:
    """A page to read and try the API."""
    headers = KEEP | {"content-security-policy": PAGE_CSP}
    return ASGIResponse(body=_file("index.html")[0], media_type="text/html", headers=headers)


@get("/docs/{name:str}", public=True, include_in_schema=False)
async def show_script(request: ApiRequest, name: FromPath[str]) -> ASGIResponse:
    """A script or style of that page."""
    if name not in SCRIPTS:
        raise NotFound("there is no such file")
    body, is_packed = _file(name)
    headers = dict(KEEP)
    if is_packed and compression.accepts(request.exchange.header(b"accept-encoding"), "gzip"):
        headers |= {"content-encoding": "gzip", "vary": "Accept-Encoding"}
    elif is_packed:
        body = decompress(body)
    return ASGIResponse(body=body, media_type=SCRIPTS[name], headers=headers)


@get("/openapi.json", public=True, include_in_schema=False)
async def show_openapi() -> ASGIResponse:
    """The description of the API, as it is committed."""
    return ASGIResponse(body=openapi.document(), headers=KEEP)


ROUTES = (redirect_to_docs, show_docs, show_script, show_openapi)
