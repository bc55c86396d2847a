"""An HTML file taken apart by Python's own parser."""

import base64
import gzip
import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np


@dataclass
class Page(HTMLParser):
    """What is in the file."""

    source: str
    tags: set[str] = field(default_factory=set)
    scripts: list[tuple[dict[str, Any], str]] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    handlers: list[str] = field(default_factory=list)
    policy: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.add(tag)
        self.addresses += [str(value) for name, value in attrs if name in ("src", "href", "action", "data")]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        if attributes.get("http-equiv") == "Content-Security-Policy":
            self.policy = attributes["content"] or ""
        if tag == "script":
            self.scripts.append((attributes, ""))

    def handle_data(self, data: str) -> None:
        if self.lasttag == "script" and self.scripts:
            attributes, text = self.scripts[-1]
            self.scripts[-1] = attributes, text + data

    @property
    def running(self) -> list[tuple[dict[str, Any], str]]:
        """Scripts that a browser runs or reads as an import map."""
        return [each for each in self.scripts if each[0].get("type") in (None, "", "module", "importmap")]

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = next(json.loads(text) for attributes, text in self.scripts if attributes.get("id"))
        return found

    def part(self, name: str) -> bytes:
        text = next(text for attributes, text in self.scripts if attributes.get("data-part") == name)
        return gzip.decompress(base64.b64decode(text))

    def array(self, what: str) -> np.ndarray:
        return np.frombuffer(self.part(self.told["request"][what]["url"]), np.uint8)

    def images(self) -> list[bytes]:
        return [self.part(name) for name in self.told["request"]["images"]["urls"]]


def page_in(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))
