"""Addresses of values, each known to one visitor's page only."""

import secrets
import threading
from typing import Generic, Protocol, TypeVar
from weakref import WeakValueDictionary


class HasToken(Protocol):
    """A value with a text of its own that cannot be guessed."""

    @property
    def token(self) -> str:
        """The text, which is the end of the value's address."""


Value = TypeVar("Value", bound=HasToken)


class Addresses(Generic[Value]):
    """Addresses of values of one kind, below a path of their own.

    Values are held by weak references, so a value is gone as soon as its visitor's page has dropped it.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._secret = secrets.token_urlsafe(16)
        self._values: WeakValueDictionary[str, Value] = WeakValueDictionary()
        self._lock = threading.Lock()  # pages put values here, and the server's event loop looks for them

    def put(self, value: Value) -> str:
        """Address of a value relative to the server's base, the same at each call; the server answers there."""
        with self._lock:
            self._values[value.token] = value
        return f"embviz/{self._path}/{self._secret}/{value.token}"

    def get(self, secret: str, token: str) -> Value | None:
        """The value at an address; None if there is none."""
        with self._lock:
            return self._values.get(token) if self.is_of_here(secret) else None

    def is_of_here(self, secret: str) -> bool:
        """Whether an address was made by this process, even if its value is gone."""
        return secrets.compare_digest(secret.encode(), self._secret.encode())
