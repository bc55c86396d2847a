"""The pattern of wrong labels: for each class and each other label, the largest share that may have been given it."""

import numpy as np

from embviz.arrays import Float64Array, Int64Array

QUANTILES = np.array([0.5, 0.6, 0.7, 0.8, 0.9])
"""Quantiles of margins beyond which items are counted; beyond larger quantiles there would be too few items."""

PRIOR = 0.01
"""Number added to every share, so that a few items do not make a pattern."""


def flow_shares(evidence: Float64Array, codes: Int64Array) -> Float64Array:
    """Upper bounds of the share of each class that was given each other label; float64, shape (C, C), 0..1.

    Entry (j, i) is the largest share of class j among the items labeled i that their margins of j over i allow. Items
    of class j that were given the label i have margins distributed as those of the items labeled j, because the
    evidence does not use an item's own label. So a share 1 - q of them lies beyond the quantile q of the items labeled
    j, and their number is at most the number of items labeled i beyond this quantile, divided by 1 - q. The result is
    the least of these bounds over several q. In this way the proportion of a mixture is estimated if only one of its
    parts is known (Blanchard, Lee and Scott, 2010; for wrong labels Scott, Blanchard and Handy, 2013), here without
    their allowance for sampling error.

    It is not a count of wrong labels: items that merely look like another class are included.

    Parameters
    ----------
    evidence
        Shape (n, C): log-likelihood of each class, from evidence that does not use the item's own label.
    codes
        int64, shape (n,): given class of each item, 0 .. C - 1; each class has an item.

    Examples
    --------
    The five items labeled 1 have margins of 1 to 5 over class 0, and so have five more, which are labeled 0.

    >>> margin = np.r_[-9:-4, 1:6, 1:6].astype(float)
    >>> flow_shares(np.stack([np.zeros(15), margin], axis=1), np.repeat([0, 1], [10, 5])).round(2).tolist()
    [[1.0, 0.0], [1.0, 1.0]]
    """
    n_classes = evidence.shape[1]
    own = evidence[np.arange(len(codes)), codes]
    counts = np.bincount(codes, minlength=n_classes)
    shares = np.eye(n_classes)
    for code in range(n_classes):
        ours = evidence[codes == code]
        cuts = np.quantile(ours[:, [code]] - ours, QUANTILES, axis=0)
        margins = evidence[:, code] - own
        beyond = [np.bincount(codes[margins >= cut[codes]], minlength=n_classes) for cut in cuts]
        most = (np.array(beyond) / (1 - QUANTILES[:, None])).min(axis=0) / counts[code]
        shares[code] = np.minimum(most, 1)
    np.fill_diagonal(shares, 1)
    return shares


def flow_evidence(shares: Float64Array, codes: Int64Array) -> Float64Array:
    """Evidence for each class of each item from the pattern of wrong labels; float64 (n, C), 0 for the given class.

    log((share + `PRIOR`) / (mean + `PRIOR`)), with the mean over all pairs of different classes: by Bayes' rule the
    odds that an item labeled i is of class j are larger, the larger the share of class j that was given the label i. If
    all shares are equal, it is 0 everywhere.

    Examples
    --------
    >>> flow_evidence(np.array([[1, 0], [0.02, 1]]), np.array([0, 1])).round(3).tolist()
    [[0.0, 0.405], [-0.693, 0.0]]
    """
    n_classes = len(shares)
    mean = (shares.sum() - np.trace(shares)) / (n_classes * (n_classes - 1))
    found: Float64Array = np.log((shares.T[codes] + PRIOR) / (mean + PRIOR))
    found[np.arange(len(codes)), codes] = 0
    return found
