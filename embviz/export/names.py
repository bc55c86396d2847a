"""Names for exported files: on one line, safe in a URL, and each used once."""

import re
from collections.abc import Iterable

_LINE_BREAKERS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]+")
_NOT_IN_NAMES = re.compile('[\x00-\x1f\x7f"*/:<>?\\\\|\ud800-\udfff]+')


def one_line(text: str) -> str:
    r"""The text for one cell of a tab-separated file: control characters become a space, outer spaces are removed.

    Byte order marks become a space too, because browsers drop them.

    Examples
    --------
    >>> one_line(" a\tb\r\nc ")
    'a b c'
    """
    return _LINE_BREAKERS.sub(" ", text).strip()


def tensor_name(name: str) -> str:
    """The name in at most 80 letters, digits, ``_``, ``.`` and ``-``, because TensorBoard puts it into URLs unescaped.

    Examples
    --------
    >>> tensor_name("act & relu/1")
    'act_relu_1'
    """
    return re.sub("[^A-Za-z0-9_.-]+", "_", name)[:80] or "tensor"


def folder_name(name: str) -> str:
    r"""The name as that of a folder in a zip file, valid on every system: never ``..``, hidden, or like an option.

    Lone surrogates, as in file names whose bytes are not UTF-8, are replaced, because zip cannot hold them.

    Examples
    --------
    >>> [folder_name(name) for name in ("my digits", "..", "-v", "a/b:c", "\udcff.x", ".hidden")]
    ['my digits', 'export', 'v', 'a_b_c', '_.x', 'hidden']
    """
    return _NOT_IN_NAMES.sub("_", name).lstrip(" .-").rstrip(" .") or "export"


def unique_names(names: Iterable[str], *, ignore_case: bool = False) -> list[str]:
    """The names in order; a name that occurred before gets a number.

    Examples
    --------
    >>> unique_names(["id", "id", "id_2"])
    ['id', 'id_2', 'id_2_2']
    >>> unique_names(["a", "A"]), unique_names(["a", "A"], ignore_case=True)
    (['a', 'A'], ['a', 'A_2'])
    """
    taken: set[str] = set()
    result = []
    for name in names:
        free, number = name, 1
        while (key := free.casefold() if ignore_case else free) in taken:
            number += 1
            free = f"{name}_{number}"
        taken.add(key)
        result.append(free)
    return result
