"""An event file without events, by which TensorBoard takes a folder for a run wherever in its log folder it lies."""

import struct
from pathlib import Path

EVENTS_FILE = "events.out.tfevents.0.embviz"
"""TensorBoard looks for files with `tfevents` in their name."""

_CASTAGNOLI = 0x82F63B78


def events_bytes() -> bytes:
    """One record that says which format the file has; TensorBoard's fast loader passes over a file without any.

    A record of TFRecord: its length, the length's checksum, the content, the content's checksum. The content is an
    `Event` of protobuf whose field 3 is the text ``brain.Event:2``. Nothing in it depends on the time.

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
    """Write the file into the folder."""
    (folder / EVENTS_FILE).write_bytes(events_bytes())


def _checksum(data: bytes) -> bytes:
    """CRC-32C, rotated and moved as TFRecord wants it.

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
