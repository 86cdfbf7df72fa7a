"""Small estimators in NumPy: what an analyst would fit who has the exports and not the truth."""

from __future__ import annotations

import numpy as np


def poisson_fit(x: np.ndarray, y: np.ndarray, offset: np.ndarray | float = 0.0) -> np.ndarray:
    """Coefficients of log E[y] = offset + x @ b, by Newton steps."""
    b = np.zeros(x.shape[1])
    b[0] = np.log(y.sum() / np.exp(np.broadcast_to(offset, y.shape)).sum())
    for _ in range(50):
        mean = np.exp(x @ b + offset)
        step = np.linalg.solve((x.T * mean) @ x, x.T @ (y - mean))
        b += step
        if np.abs(step).max() < 1e-9:
            return b
    raise AssertionError("the Poisson fit did not converge")


def share_fit(counts: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Coefficients of a choice among columns: share of column j on a row is proportional to exp(a_j + x_j @ b).

    Parameters
    ----------
    counts : (rows, columns); only the split of a row over its columns is used
    x : (rows, columns, features)
    """
    rows, columns, features = x.shape
    own = np.broadcast_to(np.eye(columns)[:, 1:], (rows, columns, columns - 1))
    x = np.concatenate([own, x], axis=2)
    total, b = counts.sum(axis=1), np.zeros(columns - 1 + features)
    for _ in range(50):
        pull = np.exp(x @ b)
        share = pull / pull.sum(axis=1, keepdims=True)
        centred = x - np.einsum("rc,rcf->rf", share, x)[:, None, :]
        score = np.einsum("rc,rcf->f", counts, centred)
        step = np.linalg.solve(np.einsum("r,rc,rcf,rcg->fg", total, share, centred, centred), score)
        b += step
        if np.abs(step).max() < 1e-9:
            return b[columns - 1 :]
    raise AssertionError("the share fit did not converge")


def dummies(codes: np.ndarray, *, drop_first: bool = True) -> np.ndarray:
    """(n, values) indicator columns."""
    values = np.unique(codes)[int(drop_first) :]
    return (codes[:, None] == values[None, :]).astype(float)


def area_under_curve(score: np.ndarray, positive: np.ndarray) -> float:
    """Probability that a positive scores above a negative, ties half."""
    order = np.argsort(score, kind="stable")
    ranks = np.empty(len(score))
    ranks[order] = np.arange(1, len(score) + 1)
    _, inverse = np.unique(score, return_inverse=True)
    ranks = (np.bincount(inverse, weights=ranks) / np.bincount(inverse))[inverse]
    wins = positive.sum()
    return float((ranks[positive].sum() - wins * (wins + 1) / 2) / (wins * (len(score) - wins)))
