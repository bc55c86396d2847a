"""An event file without events, by which TensorBoard finds an export as a run, anywhere below its log folder."""

import struct
from pathlib import Path

EVENTS_FILE = "events.out.tfevents.0.embviz"
"""Name of the event file; TensorBoard looks for files with `tfevents` in their names."""

_CASTAGNOLI = 0x82F63B78


def events_bytes() -> bytes:
    """The content of the event file: one record with the version of the format, the same in every export.

    TensorBoard's fast loader skips a file without records. A record of a TFRecord file has four parts: length,
    checksum of the length, content, checksum of the content. The content is a protobuf `Event` whose field 3 is the
    text ``brain.Event:2``.

    Examples
    --------
    >>> len(events_bytes()), b"brain.Event:2" in events_bytes()
    (31, True)
    """
    version = b"brain.Event:2"
    event = bytes([3 << 3 | 2, len(version)]) + version
    length = struct.pack("<Q", len(event))
    return length + _checksum(length) + event + _checksum(event)


def write_events(folder: Path) -> None:
    """Write the event file into the folder."""
    (folder / EVENTS_FILE).write_bytes(events_bytes())


def _checksum(data: bytes) -> bytes:
    """Checksum of TFRecord: the CRC-32C, rotated, and increased by a constant.

    Examples
    --------
    >>> struct.unpack("<I", _checksum(b"123456789"))[0] == ((0xE3069283 >> 15 | 0xE3069283 << 17) + 0xA282EAD8) % 2**32
    True
    """
    remainder = 0xFFFFFFFF
    for byte in data:
        remainder ^= byte
        for _ in range(8):
            remainder = remainder >> 1 ^ _CASTAGNOLI * (remainder & 1)
    crc = remainder ^ 0xFFFFFFFF
    return struct.pack("<I", ((crc >> 15 | crc << 17 & 0xFFFFFFFF) + 0xA282EAD8) & 0xFFFFFFFF)
