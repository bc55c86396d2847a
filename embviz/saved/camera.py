"""The camera of a plot, as numbers: checked, written as text, and read."""

import math

from embviz.errors import InputError

_FARTHEST = 1e9
"""Bound of every number's absolute value; beyond it, the browser's float32 numbers cannot tell points apart."""


def check_camera(camera: tuple[float, ...], n_components: int) -> None:
    """Check that numbers are a camera from which something can be seen.

    Parameters
    ----------
    camera
        In 2-D the edges of the plot: left, right, bottom, top. In 3-D the eye, the point that it looks at, and the
        direction that is up: three coordinates each. Empty for the usual view.
    n_components
        Number of dimensions of the layout, 2 or 3.

    Raises
    ------
    InputError
        If the camera has more or fewer numbers, or nothing can be seen from it.

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
    """The camera in a text; empty if the text is empty, or is not a camera for this number of dimensions.

    A wrong text raises no error: the page may have written it for a layout other than the one in its address.

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
