"""Where one looks from, as numbers: checked, written as text, and read."""

import math

from embviz.errors import InputError

_FARTHEST = 1e9
"""What every number stays below; the browser's numbers of single precision tell nothing apart from beyond."""


def check_camera(camera: tuple[float, ...], n_components: int) -> None:
    """Refuse numbers that are no place to look from.

    Parameters
    ----------
    camera
        In 2-D what the plot shows: left, right, bottom, top. In 3-D the eye, what it looks at, and what is up: three
        coordinates each. None at all are the usual view.
    n_components
        How many dimensions there are.

    Raises
    ------
    InputError
        If there are more or fewer, or nothing can be seen from there.

    Examples
    --------
    >>> check_camera((0, 1, 0, 1), 2)
    >>> check_camera((1, 0, 0, 1), 2)
    Traceback (most recent call last):
    embviz.errors.InputError: nothing can be seen from 1, 0, 0, 1; look from elsewhere
    """
    if not camera:
        return
    expected = 9 if n_components == 3 else 4
    if len(camera) != expected:
        raise InputError(f"a camera in {n_components}-D has {expected} numbers, got {len(camera)}")
    if not all(abs(number) < _FARTHEST for number in camera) or not _is_somewhere(camera):
        raise InputError(
            f"nothing can be seen from {', '.join(f'{number:g}' for number in camera)}; look from elsewhere"
        )


def _is_somewhere(camera: tuple[float, ...]) -> bool:
    if len(camera) == 4:
        left, right, bottom, top = camera
        return left < right and bottom < top
    eye, center, up = camera[:3], camera[3:6], camera[6:]
    return math.dist(eye, center) > 1e-6 and math.hypot(*up) > 1e-6


def camera_text(camera: tuple[float, ...]) -> str:
    """The numbers as `camera_in` reads them, and as the page writes them into its address.

    Examples
    --------
    >>> camera_text((-1.5, 2, 0.25, 1000))
    '-1.5_2_0.25_1000'
    """
    return "_".join(str(int(number)) if float(number).is_integer() else repr(float(number)) for number in camera)


def camera_in(text: str, n_components: int) -> tuple[float, ...]:
    """The numbers in a text; none if it says nothing, or no place to look from in so many dimensions.

    That is not refused: the page may have written it while another layout was drawn than asked for.

    Examples
    --------
    >>> camera_in("-1.5_2_0.25_1000", 2), camera_in("-1.5_2_0.25_1000", 3), camera_in("here", 2)
    ((-1.5, 2.0, 0.25, 1000.0), (), ())
    """
    if len(text) > 1000:
        return ()
    try:
        camera = tuple(map(float, text.split("_"))) if text else ()
        check_camera(camera, n_components)
    except ValueError:  # an InputError is one, too
        return ()
    return camera
