"""Reader of protobuf's text format that does not need protobuf: the values of each field, by its name."""

import re
from typing import Any

Message = dict[str, list[Any]]
"""All values of each field by its name: texts, numbers, words such as ``true``, and messages."""

_TOKEN = re.compile(
    r"""
    (?P<space>  (?:\s|\#[^\n]*)+ )
    | (?P<text>   "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
    | (?P<number> [-+]?(?:0[xX][0-9a-fA-F]+|[0-9.]+(?:[eE][-+]?[0-9]+)?)(?![\w.]) )
    | (?P<name>   [A-Za-z_][\w.]* )
    | (?P<sign>   [{}<>\[\]:;,] )
    """,
    re.VERBOSE,
)
_CLOSING = {"{": "}", "<": ">"}
_MOST_NESTED = 100
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|(.))", re.DOTALL)
_ESCAPES = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"} | {
    sign: sign for sign in (b"\\", b"'", b'"', b"?")
}


def text_message(text: str) -> Message:
    r"""Message in a text of protobuf's text format.

    Not checked against a schema: fields of any name are taken, and each has a list of values.

    Raises
    ------
    ValueError
        If the text is not of this format, or ends early; the error names the line.

    Examples
    --------
    >>> text_message('embeddings { tensor_name: "a\\tb" tensor_shape: [2, 3] }  # a comment')
    {'embeddings': [{'tensor_name': ['a\tb'], 'tensor_shape': [2, 3]}]}
    """
    tokens = _Tokens(text)
    return _message(tokens, "", 0)


class _Tokens:
    """The tokens of a text, one after the other."""

    def __init__(self, text: str) -> None:
        self._whole = text
        self._end = 0
        self.kind = ""
        self.text = ""
        self.advance()

    def advance(self) -> None:
        """Go to the next token; at the end of the text, `kind` and `text` are empty."""
        self.kind = "space"
        while self.kind == "space":
            if self._end == len(self._whole):
                self.kind = self.text = ""
                return
            found = _TOKEN.match(self._whole, self._end)
            if found is None or found.lastgroup is None:
                raise self.error(f"{self._whole[self._end : self._end + 20]!r} is not of protobuf's text format")
            self.kind, self.text = found.lastgroup, found.group()
            self._end = found.end()

    def taken(self, *signs: str) -> str:
        """Return the current sign and go to the next token, if it is one of `signs`; else return an empty text."""
        sign = self.text if self.kind == "sign" and self.text in signs else ""
        if sign:
            self.advance()
        return sign

    def error(self, reason: str) -> ValueError:
        return ValueError(f"line {self._whole.count(chr(10), 0, self._end) + 1}: {reason}")


def _message(tokens: _Tokens, closing: str, depth: int) -> Message:
    message: Message = {}
    if depth > _MOST_NESTED:
        raise tokens.error(f"messages stand in one another more than {_MOST_NESTED} deep")
    while not (tokens.kind == "sign" and tokens.text == closing):
        if not tokens.kind:
            if closing:
                raise tokens.error(f"a message is not closed by {closing}")
            return message
        if tokens.kind != "name":
            raise tokens.error(f"expected the name of a field, found {tokens.text!r}")
        name = tokens.text
        tokens.advance()
        has_colon = bool(tokens.taken(":"))
        values = message.setdefault(name, [])
        if tokens.taken("["):
            values += _listed(tokens, depth)
        else:
            values.append(_value(tokens, has_colon, depth))
        tokens.taken(",", ";")
    tokens.advance()
    return message


def _listed(tokens: _Tokens, depth: int) -> list[Any]:
    values: list[Any] = []
    while not tokens.taken("]"):
        values.append(_value(tokens, True, depth))
        if not tokens.taken(",") and tokens.text != "]":
            raise tokens.error("a list is not closed by ]")
    return values


def _value(tokens: _Tokens, has_colon: bool, depth: int) -> Any:
    if opening := tokens.taken("{", "<"):
        return _message(tokens, _CLOSING[opening], depth + 1)
    if not has_colon or tokens.kind not in ("text", "number", "name"):
        found = repr(tokens.text) if tokens.kind else "the end"
        raise tokens.error(f"expected {'a value' if has_colon else 'a colon'}, found {found}")
    if tokens.kind == "text":
        pieces = []
        while tokens.kind == "text":  # texts that follow one another are one
            pieces.append(_unescaped(tokens))
            tokens.advance()
        return b"".join(pieces).decode("utf-8", "replace")
    kind, value = tokens.kind, tokens.text
    tokens.advance()
    return _number(value) if kind == "number" else value


def _unescaped(tokens: _Tokens) -> bytes:
    def meant(escape: re.Match[bytes]) -> bytes:
        octal, hexadecimal, letter = escape.groups()
        if letter in _ESCAPES:
            return _ESCAPES[letter]
        if letter is not None:
            raise tokens.error(f"{tokens.text:.40} has a backslash where none may stand; paths have /")
        return bytes([int(octal, 8) % 256 if octal else int(hexadecimal, 16)])

    return _ESCAPE.sub(meant, tokens.text[1:-1].encode("utf-8", "replace"))


def _number(text: str) -> int | float | str:
    for read in (lambda digits: int(digits, 0), float):
        try:
            return read(text)
        except ValueError:
            continue
    return text
