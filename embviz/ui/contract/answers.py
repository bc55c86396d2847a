"""Messages from the browser to Python, validated as untrusted input."""

import base64
import binascii
import math
from collections.abc import Mapping

from embviz.checks.wording import described
from embviz.errors import ProtocolError
from embviz.ui.contract.focus import Focus
from embviz.ui.contract.messages import FocusMessage, LookMessage


def focus_from_json(answer: object, source: str, id_limit: int) -> Focus:
    """The focus that the page answered with, checked.

    Parameters
    ----------
    answer
        The answer as it came from the browser.
    source, id_limit
        From the request that the page was sent: key of the data that the ids belong to, and a number above all ids.

    Raises
    ------
    ProtocolError
        If the answer is not a `FocusMessage`, or is about other data.
    """
    if not isinstance(answer, Mapping) or set(answer) != FocusMessage.__required_keys__:
        raise ProtocolError(f"focus must have source, serial, pinned, selected and pair, got {described(answer)}")
    serial, pinned, selected, pair = (answer[key] for key in ("serial", "pinned", "selected", "pair"))
    if answer["source"] != source:
        raise ProtocolError(f"focus is on other data than are shown: {described(answer['source'])}")
    if not _is_count(serial) or not (pinned is None or _is_count(pinned)):
        given = f"{described(serial)} and {described(pinned)}"
        raise ProtocolError(f"focus.serial must be a count and focus.pinned an id or null, got {given}")
    checked = None if selected is None else _checked_id_set(selected, id_limit)
    return Focus(source, serial, pinned, checked, None if pair is None else _checked_pair("focus.pair", pair))


def look_from_json(answer: object) -> LookMessage:
    """The camera or axis ranges that the browser answered with, checked.

    Raises
    ------
    ProtocolError
        If the answer is not a `LookMessage` with at most nine numbers.
    """
    if not isinstance(answer, Mapping) or set(answer) != LookMessage.__required_keys__:
        raise ProtocolError(f"look must have key and camera, got {described(answer)}")
    key, camera = answer["key"], answer["camera"]
    if not isinstance(key, str) or not isinstance(camera, list | tuple) or len(camera) > 9:
        raise ProtocolError(
            f"look must have a text and 9 numbers at most, got {described(key)} and {described(camera)}"
        )
    if not all(type(number) in (int, float) and math.isfinite(number) for number in camera):
        raise ProtocolError("look.camera must be of finite numbers")
    return {"key": key, "camera": [float(number) for number in camera]}


def class_pair_from_json(answer: object, class_count: int) -> tuple[int, int]:
    """The codes of the two classes whose cell was clicked, checked.

    Raises
    ------
    ProtocolError
        If the answer is not a list of two different codes below `class_count`.
    """
    pair = _checked_pair("pair", answer)
    if max(pair) >= class_count:
        raise ProtocolError(f"pair must be of class codes below {class_count}, got {max(pair)}")
    return pair


def ids_from_json(answer: object, most: int) -> list[int]:
    """The ids of the items that were clicked, checked.

    Raises
    ------
    ProtocolError
        If the answer is not a list of at most `most` ids.
    """
    if not isinstance(answer, list | tuple) or len(answer) > most or not all(_is_count(value) for value in answer):
        raise ProtocolError(f"expected a list of at most {most} ids, got {described(answer)}")
    return list(answer)


def _checked_pair(what: str, pair: object) -> tuple[int, int]:
    ids = ids_from_json(pair, 2)
    if len(ids) != 2 or ids[0] == ids[1]:
        raise ProtocolError(f"{what} must be two different numbers, got {described(pair)}")
    return ids[0], ids[1]


def _checked_id_set(selected: object, id_limit: int) -> str:
    """Base64 of a bit mask, checked not to be longer than a mask of all ids before it is decoded."""
    most = 4 * math.ceil(id_limit / 24)  # each character encodes 6 bits
    if not isinstance(selected, str) or len(selected) > most:
        raise ProtocolError(f"focus.selected must be null or at most {most:,} characters, got {described(selected)}")
    try:
        base64.b64decode(selected, validate=True)
    except (ValueError, binascii.Error) as error:
        raise ProtocolError("focus.selected must be base64 of a bit mask") from error
    return selected


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53  # as JavaScript counts
