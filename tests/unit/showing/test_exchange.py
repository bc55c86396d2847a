"""What the page tells Python through files: selections, tags, and the key."""

import threading

import numpy as np

from embviz.annotations import Tag, tag_event
from embviz.datasets.own.started import VARIABLE, handed_text
from embviz.showing.exchange import tags_journal_in, tell_selected, told_annotations, told_selected
from embviz.showing.key import cookie_name, new_key, page_key


def test_the_last_selection_counts_and_a_reader_never_sees_a_part(tmp_path):
    assert told_selected(tmp_path).tolist() == []
    seen = []

    def read():
        seen.extend(told_selected(tmp_path) for _ in range(100))

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(50):
        tell_selected(tmp_path, np.full(2000, n))
    reader.join()
    assert all(len(ids) in (0, 2000) and len(set(ids.tolist())) <= 1 for ids in seen)
    assert set(told_selected(tmp_path).tolist()) == {49}
    assert len(list(tmp_path.iterdir())) == 1


def test_tags_arrive(tmp_path):
    tags_journal_in(tmp_path).append(tag_event(Tag("kind", "odd", (1, 3)), "a", "me"))
    assert told_annotations(tmp_path).values("kind", np.arange(4)).tolist() == ["", "odd", "", "odd"]


def test_only_a_page_opened_from_python_has_a_key_and_each_its_own(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert page_key() == ""
    keys = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        keys.append(new_key(folder))
        monkeypatch.setenv(VARIABLE, handed_text(folder))
        assert page_key() == keys[-1]
    assert len({*keys}) == len({cookie_name(key) for key in keys}) == 2
