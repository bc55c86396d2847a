"""What the page fetches by content address: made from what somebody holds, when it is first fetched."""

import gzip
import secrets
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

GZIPPED = ".gz"
"""Ending of an address whose body is sent compressed."""

KEPT_BYTES = 64 * 2**20
"""Of bodies that were made, all together: the images of 70,000 digits take 14 MB, compressed in two seconds. One that
is dropped is made again when it is asked for."""


@dataclass(frozen=True, eq=False, slots=True)
class _Source:
    """What a body can be made from, as long as somebody holds it."""

    owners: tuple["weakref.ref[object]", ...]
    make: Callable[..., bytes]

    def comes_from(self, owners: tuple[object, ...]) -> bool:
        """Whether these very values are its owners."""
        return len(owners) == len(self.owners) and all(
            mine() is given for mine, given in zip(self.owners, owners, strict=True)
        )

    def body(self) -> bytes | None:
        """The body; None where what it was made from is gone."""
        owners = [owner() for owner in self.owners]
        return None if any(owner is None for owner in owners) else self.make(*owners)


@dataclass(eq=False, slots=True)
class _Place:
    """All that one address may be made from, and a lock so that two who fetch it do not both make it."""

    sources: list[_Source] = field(default_factory=list)
    making: threading.Lock = field(default_factory=threading.Lock)


class Shelf:
    """Bodies by content address, behind a secret of this process.

    Not a file server: only what was put here has an address, and an address says nothing about where its bytes come
    from. Keeps nothing alive: a body is there as long as somebody holds what it is made from, as every visitor's page
    holds the view that it shows.
    """

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        self._secret = secrets.token_urlsafe(16)
        self._kept_bytes = kept_bytes
        self._places: dict[str, _Place] = {}
        self._made: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.RLock()  # values may die, and tell us so, wherever this thread is

    def put(self, key: str, make: Callable[..., bytes], *owners: object, compressed: bool = False) -> str:
        """Address, relative to the server's base, of what `make` makes of `owners`; `key` must name its content.

        `make` runs when the address is first fetched, and must hold none of them itself.
        """
        key += GZIPPED if compressed else ""
        with self._lock:
            place = self._places.setdefault(key, _Place())
            if not any(source.comes_from(owners) for source in place.sources):
                references = tuple(weakref.ref(owner, partial(self._forget, key)) for owner in owners)
                place.sources.append(_Source(references, _gzipped(make) if compressed else make))
                self._places[key] = place  # again: it may have been forgotten while this one was made
        return f"embviz/data/{self._secret}/{key}"

    def get(self, secret: str, key: str) -> bytes | None:
        """The body at an address, or None."""
        if not secrets.compare_digest(secret.encode(), self._secret.encode()):
            return None
        with self._lock:
            place = self._places.get(key)
        if place is None:
            return None
        with place.making:
            body = self._made.get(key)
            if body is None:
                with self._lock:
                    sources = list(place.sources)
                body = next((body for source in sources if (body := source.body()) is not None), None)
            if body is not None:
                self._keep(key, body)
        return body

    @property
    def n_bytes(self) -> int:
        """Of the bodies that are kept."""
        with self._lock:
            return sum(map(len, self._made.values()))

    def _keep(self, key: str, body: bytes) -> None:
        with self._lock:
            if key in self._places:  # else what it was made from has just gone
                self._made[key] = body
                self._made.move_to_end(key)
            while self.n_bytes > self._kept_bytes:
                self._made.popitem(last=False)

    def _forget(self, key: str, dead: "weakref.ref[object]") -> None:
        """Called when a value dies that something could be made from."""
        with self._lock:
            place = self._places.get(key)
            if place is not None:
                place.sources = [source for source in place.sources if dead not in source.owners]
                if not place.sources:
                    del self._places[key]
                    self._made.pop(key, None)


shelf = Shelf()
"""The one shelf of this process: all visitors' pages fetch from it."""


def _gzipped(make: Callable[..., bytes]) -> Callable[..., bytes]:
    return lambda *owners: gzip.compress(make(*owners), compresslevel=4, mtime=0)
