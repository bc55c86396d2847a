"""Binary data that pages fetch by content address, made when first fetched, from values that are still in use."""

import gzip
import secrets
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

GZIPPED = ".gz"
"""Ending of an address whose body is sent gzipped."""

KEPT_BYTES = 64 * 2**20
"""Limit on the bytes of all bodies kept in memory; one that was dropped is made again when it is next fetched. The
images of 70,000 digits take 14 MB, and two seconds to compress."""


@dataclass(frozen=True, eq=False, slots=True)
class _Source:
    """A way to make a body: a function, and weak references to the values that it takes, its owners."""

    owners: tuple["weakref.ref[object]", ...]
    make: Callable[..., bytes]

    def comes_from(self, owners: tuple[object, ...]) -> bool:
        """Whether the body is made from these very values."""
        return len(owners) == len(self.owners) and all(
            mine() is given for mine, given in zip(self.owners, owners, strict=True)
        )

    def body(self) -> bytes | None:
        """The body; None if a value that it is made from is gone."""
        owners = [owner() for owner in self.owners]
        return None if any(owner is None for owner in owners) else self.make(*owners)


@dataclass(eq=False, slots=True)
class _Place:
    """All ways to make the body of one address, and a lock so that two requests do not both make it."""

    sources: list[_Source] = field(default_factory=list)
    making: threading.Lock = field(default_factory=threading.Lock)


class Shelf:
    """Bodies of responses by content address, which contains a secret of this process.

    This is not a file server: only what was put here has an address, and an address says nothing about where its
    bytes come from. A body can be fetched as long as somebody holds the values that it is made from, as every
    visitor's page holds the view that it shows; the shelf itself does not keep them alive.
    """

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        self._secret = secrets.token_urlsafe(16)
        self._kept_bytes = kept_bytes
        self._places: dict[str, _Place] = {}
        self._made: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.RLock()  # reentrant, because a value can be freed, and call `_forget`, at any line

    def put(self, key: str, make: Callable[..., bytes], *owners: object, compressed: bool = False) -> str:
        """Address, relative to the server's base, of the bytes that ``make(*owners)`` returns.

        `key` must be a hash of their content. `make` runs when the address is first fetched, and must not hold the
        owners itself, because the address is there only as long as somebody else holds them.
        """
        key += GZIPPED if compressed else ""
        with self._lock:
            place = self._places.setdefault(key, _Place())
            if not any(source.comes_from(owners) for source in place.sources):
                references = tuple(weakref.ref(owner, partial(self._forget, key)) for owner in owners)
                place.sources.append(_Source(references, _gzipped(make) if compressed else make))
                self._places[key] = place  # again, because it may have been forgotten while the references were made
        return f"embviz/data/{self._secret}/{key}"

    def get(self, secret: str, key: str) -> bytes | None:
        """The body at an address; None if there is none."""
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
        """Number of bytes of all bodies kept in memory."""
        with self._lock:
            return sum(map(len, self._made.values()))

    def _keep(self, key: str, body: bytes) -> None:
        with self._lock:
            if key in self._places:  # otherwise the values that it was made from have just gone
                self._made[key] = body
                self._made.move_to_end(key)
            while self.n_bytes > self._kept_bytes:
                self._made.popitem(last=False)

    def _forget(self, key: str, dead: "weakref.ref[object]") -> None:
        """Drop the ways to make a body that need a value that is gone; called when Python frees the value."""
        with self._lock:
            place = self._places.get(key)
            if place is not None:
                place.sources = [source for source in place.sources if dead not in source.owners]
                if not place.sources:
                    del self._places[key]
                    self._made.pop(key, None)


shelf = Shelf()
"""The only shelf of this process, from which the pages of all visitors fetch."""


def _gzipped(make: Callable[..., bytes]) -> Callable[..., bytes]:
    return lambda *owners: gzip.compress(make(*owners), compresslevel=4, mtime=0)
