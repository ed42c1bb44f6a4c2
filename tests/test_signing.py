"""Signing and verifying webhooks, with the reference library as oracle."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from service.errors import SecretUnreadable, SignatureRejected
from service.signing import (
    Basic,
    Bearer,
    Hmac,
    Seal,
    StandardWebhooks,
    new_secret,
    secret_key,
    sign,
    signed_headers,
    verify,
    verify_websub,
)

NOW = 1_767_709_000
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = '{"test": 2432232314, "ü": "é"}'.encode()


def test_signature_equals_the_published_vector() -> None:
    """The vector of the specification's reference libraries is reproduced."""
    signature = sign([SECRET], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')

    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_reference_library_accepts_what_we_sign() -> None:
    """What we send is verified by the library that receivers use."""
    now = int(time.time())  # the library reads the clock, and a whole run takes minutes
    headers = signed_headers([new_secret(), SECRET], "msg_1", now, BODY)

    Webhook(SECRET).verify(BODY, headers)


def test_we_accept_what_the_reference_library_signs() -> None:
    """What senders sign with the library passes, with either secret while rotating."""
    signature = Webhook(SECRET).sign("msg_1", datetime.fromtimestamp(NOW, UTC), BODY.decode())
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(NOW),
        "webhook-signature": f"v1a,AAAA {signature}",
    }

    assert verify(StandardWebhooks(), [new_secret(), SECRET], headers, BODY, NOW) == "msg_1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("webhook-id", ""),
        ("webhook-id", "x" * 256),
        ("webhook-id", "a\x00b"),
        ("webhook-id", "other"),
        ("webhook-timestamp", "1.5"),
        ("webhook-timestamp", "nan"),
        ("webhook-timestamp", "-1"),
        ("webhook-timestamp", "9" * 400),
        ("webhook-timestamp", "١٢٣"),
        ("webhook-timestamp", str(NOW - 301)),
        ("webhook-timestamp", str(NOW + 301)),
        ("webhook-signature", "v1"),
        ("webhook-signature", "v1,"),
        ("webhook-signature", "v1,é\udcff"),
        ("webhook-signature", "v1,,,"),
        ("webhook-signature", "v2,g0hM9SsE"),
        ("webhook-signature", " ".join(["v1,x"] * 11)),
    ],
)
def test_a_malformed_header_is_rejected(name: str, value: str) -> None:
    """Every malformed or foreign header is a rejection, never another error."""
    headers = signed_headers([SECRET], "msg_1", NOW, BODY) | {name: value}

    with pytest.raises(SignatureRejected):
        verify(StandardWebhooks(), [SECRET], headers, BODY, NOW)


@given(
    st.dictionaries(
        st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature", "authorization"]),
        st.text(max_size=300),
    ),
    st.binary(max_size=100),
)
def test_nothing_a_sender_writes_passes_or_breaks(headers: dict[str, str], body: bytes) -> None:
    """Arbitrary headers are rejected by every verifier with the one error."""
    for verifier in (StandardWebhooks(), Hmac(header="authorization"), Bearer(), Basic("u")):
        with pytest.raises(SignatureRejected):
            verify(verifier, [SECRET], headers, body, NOW)


def _hmac(algorithm: str, content: bytes, key: str = "s3cret") -> bytes:
    return hmac.new(key.encode(), content, algorithm).digest()


GITHUB = Hmac(header="X-Hub-Signature-256", prefix="sha256=", id_header="X-GitHub-Delivery")
GHOST = Hmac(header="X-Ghost-Signature", prefix="sha256=", signed="body+timestamp")
WORDPRESS = Hmac(header="X-WC-Webhook-Signature", encoding="base64")
STRIPE = Hmac(header="Stripe-Signature", prefix="v1=", signed="timestamp.body")
TIMED = Hmac(header="X-Signature", timestamp_header="X-Timestamp", signed="timestamp.body")
CASES = [
    (GITHUB, {"x-hub-signature-256": "sha256=" + _hmac("sha256", BODY).hex().upper(),
              "x-github-delivery": "d-1"}),
    (GHOST, {"x-ghost-signature":
             f"sha256={_hmac('sha256', BODY + str(NOW).encode()).hex()}, t={NOW}"}),
    (GHOST, {"x-ghost-signature":
             f"sha256={_hmac('sha256', BODY + f'{NOW}000'.encode()).hex()}, t={NOW}000"}),
    (WORDPRESS, {"x-wc-webhook-signature": base64.b64encode(_hmac("sha256", BODY)).decode()}),
    (STRIPE, {"stripe-signature":
              f"t={NOW},v1={_hmac('sha256', f'{NOW}.'.encode() + BODY).hex()},v0=00"}),
    (TIMED, {"x-signature": _hmac("sha256", f"{NOW}.".encode() + BODY).hex(),
             "x-timestamp": str(NOW)}),
    (Bearer(), {"authorization": "Bearer s3cret"}),
    (Basic("cms"), {"authorization": "Basic " + base64.b64encode(b"cms:s3cret").decode()}),
]  # fmt: skip


@pytest.mark.parametrize(("verifier", "headers"), CASES)
def test_each_sender_style_is_verified(verifier: Hmac, headers: dict[str, str]) -> None:
    """GitHub, Ghost, WordPress, Stripe, bearer and basic styles pass, a replay with equal id."""
    first = verify(verifier, ["old", "s3cret"], headers, BODY, NOW)
    again = verify(verifier, ["old", "s3cret"], headers, BODY, NOW + 1)

    assert first
    assert first == again
    with pytest.raises(SignatureRejected):
        verify(verifier, ["old", "wrong"], headers, BODY, NOW)


SECRETS = [SECRET, "whsec_no-base64", new_secret()]


@pytest.mark.parametrize("secret", SECRETS, ids=["known", "no base64", "made"])
def test_a_styled_secret_is_its_own_characters(secret: str) -> None:
    """Senders of HMAC styles sign with the secret as it is written, Stripe's ``whsec_`` too."""
    digest = _hmac("sha256", BODY, secret).hex()

    assert verify(GITHUB, [secret], {
        "x-hub-signature-256": f"sha256={digest}", "x-github-delivery": "d-1",
    }, BODY, NOW) == "d-1"  # fmt: skip


def test_a_styled_secret_may_be_read_as_standard_webhooks_do() -> None:
    """Who decodes what follows ``whsec_`` fits as well."""
    digest = hmac.new(secret_key(SECRET), BODY, "sha256").hexdigest()
    headers = {"x-hub-signature-256": f"sha256={digest}", "x-github-delivery": "d-1"}

    assert verify(GITHUB, [SECRET], headers, BODY, NOW) == "d-1"


@pytest.mark.parametrize(("verifier", "headers"), CASES[:6])
def test_a_changed_body_is_rejected(verifier: Hmac, headers: dict[str, str]) -> None:
    """One changed byte of a signed body is a rejection."""
    with pytest.raises(SignatureRejected):
        verify(verifier, ["s3cret"], headers, BODY + b" ", NOW)


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_websub_signatures(method: str) -> None:
    """All four methods of WebSub are known; any other method or digest is false."""
    digest = hmac.new(b"key", BODY, getattr(hashlib, method)).hexdigest()

    assert verify_websub("key", f"{method}={digest}", BODY)
    assert not verify_websub("key", f"{method}={digest}", BODY + b"x")
    assert not verify_websub("key", f"md5={digest}", BODY)
    assert not verify_websub("key", None, BODY)
    assert not verify_websub("key", "sha256=\udcffé", BODY)


def test_secrets_are_sealed() -> None:
    """A sealed secret opens with its key only, and two seals of one secret differ."""
    seal = Seal("pepper")

    sealed = seal.close(SECRET)

    assert seal.open(sealed) == SECRET
    assert sealed != seal.close(SECRET)
    with pytest.raises(ValueError, match="another"):
        Seal("other").open(sealed)


def test_what_can_be_opened_is_used() -> None:
    """While a secret of another installation is rotated out; none at all is an error."""
    ours, theirs = Seal("pepper").close(SECRET), Seal("other").close("x")

    assert Seal("pepper").open_any([ours, theirs]) == [SECRET]
    assert Seal("pepper").open_any([]) == []
    with pytest.raises(SecretUnreadable):
        Seal("pepper").open_any([theirs])


def test_a_secret_is_long_enough() -> None:
    """A new secret has 32 random bytes, within the 24 to 64 of the specification."""
    assert len(secret_key(new_secret())) == 32
