"""Shares in percent, as the tabs write them."""


def percent(share: float) -> str:
    """A share, 0..1, in percent with one decimal, or with two below 1 %.

    Examples
    --------
    >>> percent(0.0413), percent(0.0042)
    ('4.1 %', '0.42 %')
    """
    return f"{100 * share:.2f} %" if 0 < share < 0.01 else f"{100 * share:.1f} %"


def percent_or_most(share: float, most: float | None) -> str:
    """A share in percent; its upper bound where nothing was counted, which does not mean that the share is 0.

    Examples
    --------
    >>> percent_or_most(0.0413, None), percent_or_most(0.0, 0.0042)
    ('4.1 %', 'at most 0.42 %')
    """
    return percent(share) if most is None else f"at most {percent(most)}"
