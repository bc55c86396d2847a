"""The shelf: a body is made once, kept while it fits, made again if it was dropped, and gone with its owners."""

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

from embviz.server import Shelf

ENOUGH = 20.0
"""Seconds within which everything here ends."""


class Owner:
    """A value that bodies are made from, which counts how often one was."""

    def __init__(self, name: str = "coords") -> None:
        self.name = name
        self.made = 0

    def body(self) -> bytes:
        self.made += 1
        return self.name.encode()


def put(shelf: Shelf, key: str, owner: Owner, *, compressed: bool = False) -> str:
    return shelf.put(key, Owner.body, owner, compressed=compressed)


def fetched(shelf: Shelf, address: str) -> bytes | None:
    return shelf.get(*address.split("/")[2:])


def test_two_shelves_have_different_secrets() -> None:
    owner = Owner()
    assert put(Shelf(), "a", owner) != put(Shelf(), "a", owner)


def test_a_body_is_made_when_first_fetched_and_only_once() -> None:
    own, owner = Shelf(), Owner()
    address = put(own, "coords-1", owner)
    assert owner.made == 0
    assert [fetched(own, address), fetched(own, address)] == [b"coords", b"coords"]
    assert put(own, "coords-1", owner) == address
    assert fetched(own, address) == b"coords"
    assert owner.made == 1


def test_two_who_fetch_at_once_wait_for_one_body() -> None:
    own, begun, go = Shelf(), threading.Event(), threading.Event()
    made = []

    def slowly(owner: Owner) -> bytes:
        made.append(owner)
        begun.set()
        go.wait(ENOUGH)
        return b"images"

    owner = Owner()
    address = own.put("images", slowly, owner)
    with ThreadPoolExecutor(2) as threads:
        fetching = [threads.submit(fetched, own, address) for _ in range(2)]
        assert begun.wait(ENOUGH)
        assert fetched(own, put(own, "coords", owner)) == b"coords", "others need not wait"
        go.set()
        assert [each.result(ENOUGH) for each in fetching] == [b"images"] * 2
    assert made == [owner]


def test_bodies_are_kept_by_their_bytes_and_the_least_recently_fetched_goes_first_and_is_made_again() -> None:
    own = Shelf(kept_bytes=25)
    owners = [Owner(letter * 10) for letter in "abc"]
    a, b, c = (put(own, owner.name, owner) for owner in owners)
    for address in (a, b, a, c):
        fetched(own, address)
    assert own.n_bytes == 20
    assert [fetched(own, address) for address in (a, c, b)] == [b"a" * 10, b"c" * 10, b"b" * 10]
    assert [owner.made for owner in owners] == [1, 2, 1]


def test_a_body_larger_than_all_that_may_be_kept_is_sent_all_the_same() -> None:
    own, owner = Shelf(kept_bytes=3), Owner()
    address = put(own, "coords", owner)
    assert [fetched(own, address) for _ in range(2)] == [b"coords"] * 2
    assert (own.n_bytes, owner.made) == (0, 2)


def test_what_counts_is_what_is_kept_and_so_the_compressed_size() -> None:
    own, owner = Shelf(), Owner("x" * 10_000)
    body = fetched(own, put(own, "images", owner, compressed=True))
    assert body is not None and own.n_bytes == len(body) < 1000


def test_the_shelf_keeps_nothing_alive_and_holds_nothing_of_what_is_gone() -> None:
    own, owner = Shelf(), Owner()
    address, gone = put(own, "coords", owner), weakref.ref(owner)
    assert fetched(own, address) == b"coords"
    del owner
    gc.collect()
    assert gone() is None and fetched(own, address) is None
    assert own.n_bytes == 0 and not own._places


def test_a_body_stays_as_long_as_anybody_holds_what_it_can_be_made_from() -> None:
    own, first, second = Shelf(kept_bytes=0), Owner(), Owner()
    address = put(own, "coords", first)
    assert put(own, "coords", second) == address
    del second
    gc.collect()
    assert fetched(own, address) == b"coords"
    second = Owner()
    put(own, "coords", second)
    del first
    gc.collect()
    assert fetched(own, address) == b"coords"
    del second
    gc.collect()
    assert fetched(own, address) is None


def test_of_several_owners_all_are_needed() -> None:
    own, first, second = Shelf(kept_bytes=0), Owner("a"), Owner("b")
    address = own.put("both", lambda one, other: one.body() + other.body(), first, second)
    assert fetched(own, address) == b"ab"
    del second
    gc.collect()
    assert fetched(own, address) is None


def test_what_is_gone_can_be_put_again_at_the_same_address() -> None:
    own = Shelf()
    address = put(own, "coords", Owner())
    gc.collect()
    assert fetched(own, address) is None
    again = Owner()
    assert put(own, "coords", again) == address
    assert fetched(own, address) == b"coords"


def test_nothing_is_forgotten_while_others_come_and_go() -> None:
    own = Shelf(kept_bytes=200)
    staying = Owner("stays")
    address = put(own, "same", staying)

    def come_and_go(turn: int) -> None:
        for _ in range(200):
            owner = Owner("stays")
            assert fetched(own, put(own, "same", owner)) == b"stays"
            passing = Owner(str(turn))
            assert fetched(own, put(own, f"own-{turn}", passing)) == str(turn).encode()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(come_and_go, range(4)))
    gc.collect()
    assert fetched(own, address) == b"stays"
    assert list(own._places) == ["same"]
