"""How portal and child process talk: length-prefixed messages of JSON and raw bytes.

Never pickle: what comes back from a process that has read hostile files is data, and is treated as data.
Layout: 8 bytes total length, 4 bytes header length, JSON header with the sizes of the parts, the parts.
"""

import json
import struct
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

LARGEST: Final = 256 * 1024 * 1024
_TOTAL: Final = struct.Struct(">Q")
_HEADER: Final = struct.Struct(">I")
PREFIX: Final = _TOTAL.size


class Garbled(Exception):
    """The other end does not speak this protocol."""


@dataclass(frozen=True, slots=True)
class Message:
    """Plain facts and raw parts (documents)."""

    facts: dict[str, Any] = field(repr=False)
    parts: tuple[bytes, ...] = field(repr=False, default=())


def encode(message: Message) -> bytes:
    """The message as bytes, total length first."""
    sizes = [len(part) for part in message.parts]
    header = json.dumps({"facts": message.facts, "sizes": sizes}).encode()
    return b"".join(
        (_TOTAL.pack(_HEADER.size + len(header) + sum(sizes)), _HEADER.pack(len(header)), header, *message.parts)
    )


def length(prefix: bytes) -> int:
    """How many bytes follow the prefix. Raises Garbled when it cannot be true."""
    total: int = _TOTAL.unpack(prefix)[0]
    if not _HEADER.size <= total <= LARGEST:
        raise Garbled("length")
    return total


def decode(content: bytes) -> Message:
    """What `encode` made, without its prefix. Raises Garbled."""
    try:
        (header_size,) = _HEADER.unpack_from(content)
        at = _HEADER.size + header_size
        header = json.loads(content[_HEADER.size : at])
        parts = []
        for size in header["sizes"]:
            parts.append(content[at : at + size])
            at += size
        facts = header["facts"]
    except (struct.error, ValueError, KeyError, TypeError) as error:
        raise Garbled("content") from error
    if at != len(content) or not isinstance(facts, dict):
        raise Garbled("content")
    return Message(facts, tuple(parts))


def receive(stream: BinaryIO) -> Message | None:
    """Next message from a blocking stream, None at its end."""
    prefix = stream.read(PREFIX)
    if len(prefix) < PREFIX:
        return None
    wanted = length(prefix)
    content = stream.read(wanted)
    return decode(content) if len(content) == wanted else None


def send(stream: BinaryIO, message: Message) -> None:
    """Write a message to a blocking stream."""
    stream.write(encode(message))
    stream.flush()
