"""Addresses that must never be connected to, and the forms in which attackers write them.

The lists are written from the registries by hand, apart from the service's own tables, which they
check.
"""

# ruff: noqa: E501  # tables

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

FORBIDDEN_V4 = """
0.0.0.0 0.0.0.1 0.255.255.255 10.0.0.0 10.0.0.1 10.96.0.1 10.255.255.255
100.64.0.0 100.64.0.1 100.100.100.200 100.127.255.255
127.0.0.0 127.0.0.1 127.0.0.53 127.1.2.3 127.255.255.255
168.63.129.16 169.254.0.1 169.254.169.253 169.254.169.254 169.254.170.2 169.254.255.255
172.16.0.0 172.16.0.1 172.17.0.1 172.20.10.1 172.31.255.255
192.0.0.0 192.0.0.8 192.0.0.170 192.0.0.192 192.0.0.255 192.0.2.0 192.0.2.1 192.0.2.255
192.88.99.0 192.88.99.1 192.88.99.255 192.168.0.0 192.168.0.1 192.168.1.1 192.168.255.255
198.18.0.0 198.18.0.1 198.19.255.255 198.51.100.0 198.51.100.1 198.51.100.255
203.0.113.0 203.0.113.1 203.0.113.255 224.0.0.0 224.0.0.1 224.0.0.251 232.1.1.1
239.255.255.250 239.255.255.255 240.0.0.0 240.0.0.1 250.1.1.1 255.255.255.254 255.255.255.255
""".split()  # noqa: SIM905  # a table to read

FORBIDDEN_V6 = """
:: ::1 ::2 ::ffff ::7f00:1 ::127.0.0.1 ::10.0.0.1 ::8.8.8.8 1:: 100:: 100::1 100:0:0:1::1
64:ff9b:1::1 64:ff9b:1::a00:1 64:ff9b:1:ffff::8.8.8.8 64:ff9b::1:0:0:1 64:ff9c::1
0:0:0:0:ffff:0:7f00:1 ::ffff:0:127.0.0.1 ::ffff:0:8.8.8.8 ::fffe:127.0.0.1
2001:: 2001::1 2001:0:7f00:1:: 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:3::1
2001:4:112::1 2001:10::1 2001:1f:ffff::1 2001:20::1 2001:2f::1 2001:30::1 2001:db8::1
2001:db8:ffff::1 2001:1ff:ffff::1 2002:: 2002:7f00:1:: 2002:a00:1::1 2002:c0a8:101::1
2002:808:808::1 2620:4f:8000::1 3fff::1 3fff:fff::1 4000::1 5f00::1 6000::1 8000::1
a000::1 c000::1 e000::1 f000::1 f800::1 fc00::1 fc00::ffff fd00::1 fd00:ec2::254 fd00:ec2::23
fd20:ce::254 fdff:ffff::1 fe00::1 fe80::1 fe80::a9fe:a9fe febf::1 fec0::1 feff::1
ff00:: ff01::1 ff02::1 ff02::fb ff05::1:3 ff0e::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
2606:4700::5efe:10.0.0.1 2606:4700::200:5efe:127.0.0.1 2606:4700::5efe:a9fe:a9fe
""".split()  # noqa: SIM905  # a table to read

PUBLIC = """
1.0.0.1 1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 93.184.216.34 100.63.255.255 100.128.0.0
126.255.255.255 128.0.0.1 151.101.1.140 168.63.129.15 169.253.255.255 169.255.0.0
172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.1 192.0.3.1 192.167.255.255 192.169.0.0
198.17.255.255 198.20.0.0 203.0.112.255 203.0.114.0 223.255.255.255
2001:200::1 2001:4860:4860::8888 2003::1 2400:cb00::1 2606:4700:4700::1111 2620:fe::fe
2a00:1450:4001:82b::200e 2c0f:f248::1 3ffe::1 2606:4700::5efe:8.8.8.8
::ffff:8.8.8.8 ::ffff:808:808 64:ff9b::8.8.8.8 64:ff9b::101:101
""".split()  # noqa: SIM905  # a table to read

FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９。")
CIRCLED = str.maketrans("123456789", "①②③④⑤⑥⑦⑧⑨")


def forms_of_v4(text: str) -> Iterator[str]:
    """Hosts that some parser takes for the IPv4 address ``text``."""
    number = int(IPv4Address(text))
    a, b, c, d = IPv4Address(text).packed
    high, low = f"{number >> 16:x}", f"{number & 0xFFFF:x}"
    yield text
    yield f"{text}."
    yield str(number)
    yield hex(number)
    yield hex(number).upper()
    yield f"0{number:o}"
    yield f"{a}.{number & 0xFFFFFF}"
    yield f"{a}.{b}.{number & 0xFFFF}"
    yield f"{a:#x}.{b:#x}.{c:#x}.{d:#x}"
    yield f"0{a:o}.0{b:o}.0{c:o}.0{d:o}"
    yield f"{a:#x}.{b}.0{c:o}.{d}"
    yield "".join(f"%{ord(char):02x}" for char in text)
    yield text.replace(".", "%2e")
    yield text.translate(FULL_WIDTH)
    yield text.translate(CIRCLED)
    yield f"[::ffff:{text}]"
    yield f"[::ffff:{high}:{low}]"
    yield f"[0:0:0:0:0:FFFF:{high}:{low}]"
    yield f"[::{text}]"
    yield f"[64:ff9b::{text}]"
    yield f"[64:ff9b::{high}:{low}]"
    yield f"[64:ff9b:1::{high}:{low}]"
    yield f"[2002:{high}:{low}::]"
    yield f"[2002:{high}:{low}::1]"
    yield f"[2001:0:{high}:{low}::]"
    yield f"[2001:0:4136:e378:8000:63bf:{int(high, 16) ^ 0xFFFF:x}:{int(low, 16) ^ 0xFFFF:x}]"
    yield f"[fe80::5efe:{text}]"
    yield f"[2606:4700::5efe:{high}:{low}]"
    yield f"[2606:4700::200:5efe:{high}:{low}]"


def forms_of_v6(text: str) -> Iterator[str]:
    """Hosts that mean the IPv6 address ``text``."""
    address = IPv6Address(text)
    yield f"[{text}]"
    yield f"[{address.exploded}]"
    yield f"[{address.compressed.upper()}]"


def forbidden_hosts() -> Iterator[str]:
    """Every form of every forbidden address."""
    for text in FORBIDDEN_V4:
        yield from forms_of_v4(text)
    for text in FORBIDDEN_V6:
        yield from forms_of_v6(text)


# URLs that are refused for how they are written, wherever they lead.
FORBIDDEN_URLS = """
ftp://a.example/ file:///etc/passwd gopher://a.example/ dict://a.example:11211/ ws://a.example/
javascript:alert(1) data:text/html,x about:blank blob:https://a.example/1 view-source:http://a.example
ldap://a.example/ jar:http://a.example!/ http: http:// https:// http:/// http://? http://#
http:a.example http:/a.example http:///a.example //a.example/ /a a.example a.example:80 mailto:a@a.example
http://user@a.example/ http://user:pass@a.example/ http://@a.example/ http://:@a.example/
http://a.example@10.0.0.1/ http://10.0.0.1%40a.example/ http://a.example%2f@b.example/
http://127.0.0.1\\@a.example/ http://a.example\\@127.0.0.1/ http:\\\\a.example/ http:/\\a.example/ \\\\a.example
http://a.example:22/ http://a.example:25/ http://a.example:6379/ http://a.example:5432/ http://a.example:0/
http://a.example:65536/ http://a.example:99999/ http://a.example:-1/ http://a.example:8O/ http://a.example:81/
http://a.example:443:80/ https://a.example:22/ http://[::1 http://::1/ http://[::1]x/ http://[]/
http://[fe80::1%25eth0]/ http://[fe80::1%eth0]/ http://[::ffff:127.0.0.1%25lo]/ http://[1.2.3.4]/ http://256.1.1.1/
http://1.2.3.4.5/ http://0x100000000/ http://4294967296/ http://a..example/ http://.a.example/ http://a.example../
http://a.example,b.example/ http://a!b.example/ http://a'b.example/ http://a(b.example/ http://a;b.example/
http://a*b.example/ http://*.example/ http://a=b.example/ http://a&b.example/ http://a$b.example/ http://a+b.example/
http://a~b.example/ http://a"b.example/ http://a`b.example/ http://a{b}.example/ http://a<b.example/ http://a|b.example/
http://a^b.example/ http://a%00b.example/ http://a%0ab.example/ http://a%20b.example/ http://a%09b.example/
http://a%2fb.example/ http://a%23b.example/ http://a%3ab.example/ http://a%5cb.example/
http://localhost/ http://LOCALHOST/ http://localhost./ http://foo.localhost/ http://localhost.localdomain/
http://ⓛocalhost/ http://ｌｏｃａｌｈｏｓｔ/ http://db/ http://redis:8080/ http://metadata/
http://metadata.google.internal/ http://METADATA.google.INTERNAL./ http://instance-data/
http://instance-data.ec2.internal/ http://metadata.goog/ http://metadata.tencentyun.com/
http://kubernetes.default.svc.cluster.local/ http://printer.local/ http://nas.lan/ http://x.home.arpa/
http://1.0.0.127.in-addr.arpa/ http://x.onion/ http://wiki.corp/ http://x.intranet/ http://x.private/
""".split()  # noqa: SIM905  # a table to read
FORBIDDEN_URLS += [
    "",
    " ",
    "http://a.example/\n",
    "http://a.example/\tb",
    "ht\ntp://a.example/",
    "http://a.exam\rple/",
    "http://a.example/\x00",
    "\x00http://a.example/",
    "\x1fhttp://a.example/",
    "http://a.example/\x7f",
    "http://a b.example/",
    "http://a.example /",
    "http://a.example/" + "a" * 9_000,
    "http://" + "a" * 64 + ".example/",
    "http://" + "a." * 130 + "example/",
    "http://\ud800.example/",
    "http://\u202ea.example/\\",
]
