"""TLS: the name of the URL is the name that must be proved, at the address that was checked."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from service.errors import FetchError, FetchTimeout, TlsFailed
from service.fetch.client import Fetcher, Request
from service.fetch.limits import Limits
from service.settings import Settings
from tests.timing import least_s

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok"


class Authority:
    """A certificate authority of this test, and the certificates that it signs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
        self.certificate = self._sign(self._name, self._key.public_key(), [], is_authority=True)

    def trusted(self) -> ssl.SSLContext:
        """What a client that trusts this authority alone uses."""
        context = ssl.create_default_context()
        pem = self.certificate.public_bytes(serialization.Encoding.PEM)
        context.load_verify_locations(cadata=pem.decode())
        return context

    def server(self, name: str, days: int = 1) -> ssl.SSLContext:
        """What a server that is ``name`` uses; with negative ``days`` it has expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        signed = self._sign(subject, key.public_key(), [x509.DNSName(name)], days=days)
        path = self._folder / f"{name}{days}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + signed.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _sign(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePublicKey,
        names: list[x509.GeneralName],
        *,
        days: int = 1,
        is_authority: bool = False,
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        builder = x509.CertificateBuilder(self._name, subject, key, x509.random_serial_number())
        builder = builder.not_valid_before(now - datetime.timedelta(days=9))
        builder = builder.not_valid_after(now + datetime.timedelta(days=days))
        builder = builder.add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        for extension in self._identified(key, is_authority=is_authority):
            builder = builder.add_extension(
                extension, critical=isinstance(extension, x509.KeyUsage)
            )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self._key, hashes.SHA256())

    def _identified(
        self, key: ec.EllipticCurvePublicKey, *, is_authority: bool
    ) -> Iterator[x509.ExtensionType]:
        """What RFC 5280 asks of a certificate, and Python checks from 3.13 on."""
        yield x509.SubjectKeyIdentifier.from_public_key(key)
        yield x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        yield x509.KeyUsage(
            digital_signature=not is_authority, key_cert_sign=is_authority, crl_sign=is_authority,
            content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, encipher_only=False, decipher_only=False,
        )  # fmt: skip


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
async def fetcher(authority: Authority) -> AsyncIterator[Fetcher]:
    """A fetcher with the limits of the service."""
    async with trusting(authority, Limits()) as fetcher:
        yield fetcher


@pytest.fixture(scope="module")
async def hasty(authority: Authority) -> AsyncIterator[Fetcher]:
    """One that gives up soon."""
    async with trusting(authority, Limits(connect_s=0.7, headers_s=0.5, total_s=2.0)) as fetcher:
        yield fetcher


def trusting(authority: Authority, limits: Limits) -> Fetcher:
    """A fetcher for which every name is on loopback, and which trusts the test's authority."""

    async def lookup(_: str) -> list[str]:
        return ["127.0.0.1"]

    settings = Settings(fetch_allow=("127.0.0.1",), robots=False)
    context = authority.trusted()
    return Fetcher(settings, None, limits=limits, lookup=lookup, ssl_context=context)


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ANSWER)
        await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass  # the client did not trust us
    finally:
        writer.close()


async def fetched(
    fetcher: Fetcher, context: ssl.SSLContext | None, name: str
) -> bytes | FetchError:
    """What a fetch from ``name`` brings when the server there uses ``context``."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    url = f"https://{name}:{server.sockets[0].getsockname()[1]}/"
    try:
        return (await fetcher.fetch(Request(url=url))).content
    except FetchError as error:
        return error
    finally:
        server.close()


async def test_the_name_is_proved_at_the_checked_address(
    fetcher: Fetcher, authority: Authority
) -> None:
    """Connecting to an address does not lose the name: SNI and certificate are the URL's."""
    assert await fetched(fetcher, authority.server("a.example"), "a.example") == b"ok"


@pytest.mark.parametrize("case", ["another name", "expired", "another authority"])
async def test_a_certificate_that_proves_nothing_fails(
    fetcher: Fetcher, authority: Authority, tmp_path: Path, case: str
) -> None:
    """Nothing is read from a server that cannot prove its name; another try would not help."""
    contexts = {
        "another name": authority.server("b.example"),
        "expired": authority.server("a.example", days=-1),
        "another authority": Authority(tmp_path).server("a.example"),
    }

    ended = await fetched(fetcher, contexts[case], "a.example")

    assert isinstance(ended, TlsFailed)
    assert (ended.retryable, ended.stage) == (False, "connect")


async def test_plain_http_on_a_tls_port_fails(hasty: Fetcher) -> None:
    """An answer that is not TLS is a TLS failure."""
    assert isinstance(await fetched(hasty, None, "a.example"), TlsFailed | FetchTimeout)


async def test_a_handshake_that_never_ends_is_given_up(hasty: Fetcher) -> None:
    """The limit on connecting holds for TLS as well."""
    stop = asyncio.Event()

    async def stall(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await stop.wait()
        writer.close()

    server = await asyncio.start_server(stall, "127.0.0.1", 0)
    url = f"https://a.example:{server.sockets[0].getsockname()[1]}/"

    async def given_up() -> None:
        with pytest.raises(FetchTimeout) as raised:
            await hasty.fetch(Request(url=url))
        assert raised.value.stage == "connect"

    took_s = await least_s(given_up, 1.5)
    stop.set()
    server.close()

    assert took_s < 1.5
