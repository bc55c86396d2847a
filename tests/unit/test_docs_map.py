"""docs/architecture.md lists every module with what the module says of itself."""

import re

import pytest

from tests.docs_map import ARCHITECTURE, FOLDERS, ROOT, section_of

TEXT = ARCHITECTURE.read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.relative_to(ROOT).as_posix())
def test_every_module_is_listed_with_its_own_first_sentence(folder):
    assert section_of(folder) in TEXT, "the list of modules is old: python -m tests.docs_map"


def test_no_other_folder_is_listed():
    listed = re.findall(r"^### (embviz/.*|embviz)/$", TEXT, re.MULTILINE)
    assert listed == [folder.relative_to(ROOT).as_posix() for folder in FOLDERS]
