"""Values that programs stumble over: boundaries, wrong encodings, wrong types, too much and too little."""

import json
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes

TEXTS = (
    "",
    " ",
    "0",
    "-1",
    "x",
    "None",
    "true",
    "[]",
    "{}",
    "'\"`;--",
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% debug %}",
    "%s%n%d",
    "../../../etc/passwd",
    "//evil.example/",
    "/\\evil.example",
    "javascript:alert(1)",
    "\u202eabc\u200b",
    "ŋđŧšž ÁČ",
    "💥" * 30,
    "\ufffe\uffff",
    "a\u0301" * 40,
    "x" * 300,
    "x" * 5000,
    "9" * 400,
    "2026-02-30",
    "9999-12-31T23:59:59.999999-12:00",
    "0001-01-01T00:00:00+14:00",
    "2026-11-23T10:00:00",
    "NaN",
    "1e999",
    "9223372036854775808",
    "00000000-0000-0000-0000-000000000000",
    "MjAyNi0xMS0yM1QwOTowMDowMCswMDowMHw=",
    "b" * 999 + "=",
    "13097248022",
    "nb",
    "a|b|c",
    "CommunicationRequest/1",
    "=1+1",
    "\r\nX-Injected: 1",
    "\t\x0b\x0c\x1f\x7f\x85",
)
BYTES = (
    b"",
    b"\x00",
    b"\xff\xfe\xfd",
    b"\xed\xa0\x80",
    b"\xc0\xaf",
    b"\xf4\x90\x80\x80",
    b"%PDF-1.7",
    b"--\r\n",
    b"{" * 2000,
    b"[" * 20000,
    b'{"a": "\\ud800"}',
    b'{"a": 1e999, "a": 2}',
    b"\xef\xbb\xbf{}",
    b"a=1&a=2&=&&=x&%=%zz",
    b"&".join(b"f%d=1" % number for number in range(300)),
    b"\x1f\x8b\x08\x00",
)
CONTENT_TYPES = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=hex",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=finnes-ikke",
    "application/x-www-form-urlencoded; charset=utf-7",
    "application/json",
    "application/json; charset=idna",
    "application/fhir+json",
    "application/fhir+json; charset=rot13",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=xyz",
    "multipart/form-data; boundary=" + "x" * 300,
    "multipart/form-data; boundary=\xff\xfe",
    "text/plain",
    "text/html; charset=\x00",
    "application/xml",
    "",
    ";;;",
    "a" * 3000,
)
HEADERS = {
    "Accept": ("*/*", "text/html", "application/json;q=0", ";q=;", "a/b;q=nan, " * 50, "\xff\xfe"),
    "Accept-Language": ("nb", "se,en;q=0.5", "*", "no-NO;q=nan", "x" * 600, "nb;q=1e400", "\xff", "zh-Hans-CN-x-y-z"),
    "Accept-Encoding": ("gzip", "br;q=0, *;q=0", "\xff", "x" * 500),
    "Authorization": ("Bearer x", "Bearer ", "Bearer " + "x" * 5000, "Basic Og==", "Bearer \xff\x00", "Digest"),
    "Content-Length": ("0", "99999999999999999999", ""),  # no web server lets a length through that is no number
    "Content-Encoding": ("gzip", "deflate"),
    "Cookie": (
        "session=x",
        "session=\xff; sprak=\x00",
        "sprak=xx; csrf=1",
        "=;=;;",
        "a=" + "b" * 6000,
        'session="\\377"',
    ),
    "Expect": ("100-continue",),
    "Forwarded": ("for=evil;host=evil.example",),
    "Host": ("evil.example", "localhost:99999", "[::1", "", "localhost\x00", "løkal"),
    "HX-Request": ("true",),
    "Idempotency-Key": ("k", "x" * 500, "\xff", " "),
    "If-Match": ('W/"1"', "*"),
    "If-Modified-Since": ("Sun, 99 Nov 9999 99:99:99 GMT", "x"),
    "If-None-Match": ("*", '"x"'),
    "Origin": ("null", "https://evil.example", "\xff"),
    "Prefer": ("return=minimal", "handling=strict", "x" * 500),
    "Purpose": ("prefetch",),
    "Range": ("bytes=0-0", "bytes=-1", "bytes=5-1", "bytes=0-,0-,0-", "lines=1", "bytes=99999999999999999999-", "\xff"),
    "Referer": ("https://evil.example/", "\xff", "x" * 3000),
    "Transfer-Encoding": ("chunked",),
    "X-Forwarded-For": ("127.0.0.1, ::1", "\xff"),
    "X-Forwarded-Proto": ("https",),
    "X-HTTP-Method-Override": ("DELETE",),
    "X-Requested-With": ("XMLHttpRequest",),
    "X-Signature": ("sha256=" + "0" * 64, "\xff"),
    "X-Timestamp": ("0", "999999999999", "-1", "\xb2\xb3"),
}
NAMES = (
    "vis", "etter", "sok", "sprak", "tilbake", "next", "grunn", "iss", "sid", "code", "state", "error", "acr",
    "based-on", "identifier", "_format", "_count", "note", "seen", "printed", "resolution", "choice", "until",
    "sought", "reason", "type", "begrunnelse", "csrfmiddlewaretoken", "q", "o", "p", "e", "all", "_popup", "_to_field",
    "_changelist_filters", "action", "_selected_action", "_save", "resh", "name", "hospital", "return_lines",
    "slot", "key", "comment", "gjor", "ukedag", "tid", "dager", "unit", "for_person",
    "grant_type", "client_assertion", "client_assertion_type", "scope", "side", "url",
)  # fmt: skip
GOOD_VALUES = ("send", "drop", "phone", "telephoned", "other", "yes", "no", "given_up", "uleste", "mine", "Enig", "se")
METHODS = (
    "GET",
    "GET",
    "GET",
    "POST",
    "POST",
    "POST",
    "HEAD",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "get",
    "X",
)


def pick_text(random: Random) -> str:
    """One text, now and then a random one."""
    if random.random() < 0.2:
        return "".join(chr(random.choice((random.randrange(1, 0xD7FF), random.randrange(32, 127)))) for _ in range(9))
    return random.choice(TEXTS)


def pick_encoded(random: Random) -> str:
    """A value as it stands in a query or a form: percent-encoded bytes that need not be text."""
    if random.random() < 0.35:
        return random.choice(GOOD_VALUES)
    raw = random.choice(BYTES)[:400] if random.random() < 0.3 else pick_text(random).encode()
    return quote_from_bytes(raw)


def query(random: Random) -> str:
    """A query or form, with known and unknown names."""
    names = [random.choice(NAMES) if random.random() < 0.9 else "x%00" for _ in range(random.randrange(0, 5))]
    return "&".join(f"{name}={pick_encoded(random)}" for name in names)


def headers(random: Random) -> dict[str, str]:
    """None to three odd headers."""
    if random.random() < 0.5:
        return {}
    chosen = random.sample(sorted(HEADERS), random.randrange(1, 4))
    return {name: random.choice(HEADERS[name]) for name in chosen}


def anything(random: Random, depth: int = 3) -> Any:
    """A JSON value of any shape, lone surrogates included."""
    kind = random.randrange(8 if depth else 6)
    leaves: tuple[Any, ...] = (None, True, 2**70, -1, 1.5, "\ud800")
    if kind < 4:
        return pick_text(random)
    if kind < 6:
        return random.choice(leaves)
    if kind == 6:
        return [anything(random, depth - 1) for _ in range(random.randrange(3))]
    return {random.choice(NAMES): anything(random, depth - 1) for _ in range(random.randrange(3))}


def changed(random: Random, good: dict[str, Any]) -> bytes:
    """A right message with a member changed, added or taken away; now and then left as it is."""
    tree = dict(good)
    name = random.choice([*good, "extra"])
    how = random.randrange(4)
    if how == 1:
        tree.pop(name, None)
    elif how > 1:
        tree[name] = anything(random)
    return json.dumps(tree).encode()
