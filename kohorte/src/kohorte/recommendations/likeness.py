"""How much one product goes with another: bought by the same customers, or in the basket after.

The score is the cosine of the two, shrunk where few bought both,

    s(i, j) = n_ij / √(n_i · n_j) · n_ij / (n_ij + λ),  λ = 10,

and counts only where more bought both than chance explains: n_ij above n_i · n_j / N, and Dunning's
log-likelihood ratio G² = 2 Σ k ln(k / E) over the four cells above 10.83, the 99.9 % point of χ² with
one degree of freedom.

Source: Dunning (1993), Accurate methods for the statistics of surprise and coincidence, Computational
Linguistics 19(1); Sarwar, Karypis, Konstan & Riedl (2001), Item-based collaborative filtering, WWW 10;
Bell & Koren (2007), Lessons from the Netflix Prize challenge, for the shrinking.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from kohorte.models.arrays import Array

SHRINKAGE = 10.0
SURPRISING = 10.83
# So many neighbors of a product are kept; who is farther adds nothing.
NEIGHBORS = 100
# So many products are looked at together: then memory does not grow with their number.
_BLOCK = 512


@dataclass(frozen=True, eq=False)
class Likeness:
    """The neighbors of every product: products × products, the row what was bought.

    `score` holds s(i, j), `together` n_ij and `surprise` G², all in the same places.
    """

    score: sparse.csr_matrix
    together: sparse.csr_matrix
    surprise: sparse.csr_matrix


def between(first: sparse.csr_matrix, second: sparse.csr_matrix) -> Likeness:
    """Return what goes with what, of rows that hold products of both kinds.

    Parameters
    ----------
    first, second
        Rows × products, 1 where a row has the product: the same matrix twice for what the same
        customers bought, baskets and those after them for what comes next.

    Examples
    --------
    >>> rows = sparse.csr_matrix([[1.0, 1.0, 0.0]] * 12 + [[0.0, 0.0, 1.0]] * 12)
    >>> found = between(rows, rows)
    >>> found.together[0, 1], round(float(found.score[0, 1]), 3), found.score[0, 2]
    (np.float64(12.0), 0.545, np.float64(0.0))
    """
    count, total = first.shape[1], first.shape[0]
    have, follow = (np.asarray(each.sum(axis=0)).reshape(-1) for each in (first, second))
    transposed = first.T.tocsr()
    kept: list[tuple[Array, Array, Array, Array, Array]] = []
    for start in range(0, count, _BLOCK):
        # A block of rows of the product: what goes with these products.
        both = (transposed[start : start + _BLOCK] @ second).tocoo()
        row, column, n = both.row + start, both.col, both.data
        expected = have[row] * follow[column] / max(total, 1)
        some = (row != column) & (n > expected)
        row, column, n = row[some], column[some], n[some]
        surprise = log_likelihood_ratio(n, have[row], follow[column], float(total))
        some = surprise > SURPRISING
        row, column, n, surprise = row[some], column[some], n[some], surprise[some]
        score = n / np.sqrt(have[row] * follow[column]) * n / (n + SHRINKAGE)
        nearest = _nearest(row, score)
        kept.append(tuple(each[nearest] for each in (row, column, score, n, surprise)))
    row, column, score, n, surprise = (
        np.concatenate([each[place] for each in kept]) if kept else np.zeros(0)
        for place in range(5)
    )
    shape = (count, count)
    made = (
        sparse.csr_matrix((values, (row.astype(int), column.astype(int))), shape=shape)
        for values in (score, n, surprise)
    )
    return Likeness(*made)


def log_likelihood_ratio(both: Array, first: Array, second: Array, total: float) -> Array:
    """Return Dunning's G² of the table of who has both, one, the other, neither.

    Examples
    --------
    >>> one = np.array([110.0]), np.array([2552.0]), np.array([221.0])
    >>> log_likelihood_ratio(*one, 31777.0).round(2).tolist()
    [270.72]
    """
    cells = (both, first - both, second - both, total - first - second + both)
    rows, columns = (first, total - first), (second, total - second)
    expected = [row * column / total for row in rows for column in columns]
    found = np.zeros_like(both)
    for k, e in zip(cells, expected, strict=True):
        with np.errstate(divide="ignore", invalid="ignore"):
            found += np.where(k > 0, k * np.log(k / e), 0.0)
    return np.asarray(np.maximum(2 * found, 0.0))


def _nearest(row: Array, score: Array) -> Array:
    """Return the places of the neighbors of the greatest score of each product."""
    order = np.lexsort((-score, row))
    sorted_row = row[order]
    begins = np.searchsorted(sorted_row, sorted_row, side="left")
    return np.asarray(order[np.arange(len(order)) - begins < NEIGHBORS])
