"""Shares in percent, as the tabs write them."""

from embviz.ui.words import Markdown, filled


def percent(share: float) -> Markdown:
    r"""A share, 0..1, in percent with one decimal, or with two below 1 %; no line breaks before the percent sign.

    Examples
    --------
    >>> percent(0.0413), percent(0.0042)
    ('4.1\xa0%', '0.42\xa0%')
    """
    number = 100 * share
    return filled("{number:.2f} %", number=number) if 0 < share < 0.01 else filled("{number:.1f} %", number=number)


def percent_or_most(share: float, most: float | None) -> Markdown:
    r"""A share in percent; its upper bound where nothing was counted, which does not mean that the share is 0.

    Examples
    --------
    >>> percent_or_most(0.0413, None), percent_or_most(0.0, 0.0042)
    ('4.1\xa0%', 'at most 0.42\xa0%')
    """
    return percent(share) if most is None else filled("at most {most}", most=percent(most))
