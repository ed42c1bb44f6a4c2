"""/v1/websub: where hubs verify our subscriptions and push what was published (W3C WebSub)."""

from __future__ import annotations

from litestar import get, post
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from service.api.request import ApiRequest
from service.errors import ParseError
from service.log import log
from service.subscribe import hub

ONE = "/websub/{token:str}"


@get(
    ONE, public=True, any_query=True, operation_id="verify_subscription", tags=["websub"],
    returns={"text/plain": str}, problems=(404,),
)  # fmt: skip
async def verify_subscription(request: ApiRequest, token: FromPath[str]) -> ASGIResponse:
    """Answer a hub that verifies a subscription: its challenge if the subscription is wanted, else
    404."""
    answer = await hub.verify_intent(request.runtime, token, dict(request.query_params.items()))
    return ASGIResponse(body=answer.encode(), media_type="text/plain")


@post(
    ONE, public=True, any_query=True, operation_id="receive_push", tags=["websub"], status_code=202,
    accepts=(), body={"application/octet-stream": bytes}, problems=(404, 410),
    returns={"text/plain": str},
)  # fmt: skip
async def receive_push(request: ApiRequest, token: FromPath[str]) -> ASGIResponse:
    """Receive a push of a hub. A wrong signature is answered like a right one, and ignored."""
    exchange = request.exchange
    try:
        await hub.receive(
            request.runtime,
            token,
            exchange.header(b"x-hub-signature") or None,
            await request.body(),
            exchange.header(b"content-type"),
        )
    except ParseError as error:  # a hub can do nothing about it; the next poll says what is wrong
        log.warning("push not read", code=error.code, detail=error.detail)
    return ASGIResponse(body=b"", status_code=202, media_type="text/plain")
