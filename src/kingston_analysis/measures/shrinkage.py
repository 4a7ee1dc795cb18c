"""Shrinkage: variances of many areas, each badly known, made better by what they have in common."""

from __future__ import annotations

import math

import numpy as np
from scipy import optimize, special

# Beyond so many degrees of freedom areas differ no more than chance makes them.
ALIKE = 1e6
# A variance of nought has no logarithm: it counts as so small a share of the middle one.
LEAST = 1e-5


def shrunk(variances: np.ndarray, freedom: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shrink variances, each known with so many degrees of freedom, towards their common value.

    Empirical Bayes with a scaled inverse χ² prior, fitted to mean and spread of the logged
    variances (Smyth 2004, "Linear models and empirical Bayes methods", Stat. Appl. Genet. Mol.
    Biol. 3(1), section 6.2). Returns variances and degrees of freedom, own and prior's together:
    infinite where the areas differ no more than chance makes them. A variance of no freedom takes
    the prior's; where none has any, nothing is known: all are missing.
    """
    own, df = np.where(freedom > 0, variances, 0.0), np.asarray(freedom, dtype=float)
    known = df > 0
    if not known.any() or not own[known].any():
        return np.full(len(own), np.nan), np.zeros(len(own))
    common, strength = _prior(own[known], df[known])
    if math.isinf(strength):
        return np.full(len(own), common), np.full(len(own), np.inf)
    freedom = strength + df
    found = np.full(len(own), common)
    return np.divide(strength * common + df * own, freedom, out=found, where=freedom > 0), freedom


def _prior(variances: np.ndarray, df: np.ndarray) -> tuple[float, float]:
    """Return the common variance, and with how many degrees of freedom it stands for an area's."""
    if len(variances) < 2:
        return float(variances[0]), 0.0
    held = np.maximum(variances, LEAST * np.median(variances[variances > 0]))
    logs = np.log(held) - special.digamma(df / 2) + np.log(df / 2)
    excess = float(logs.var(ddof=1) - special.polygamma(1, df / 2).mean())
    if excess <= special.polygamma(1, ALIKE / 2):
        return float(np.average(variances, weights=df)), math.inf
    strength = 2 * optimize.brentq(lambda half: special.polygamma(1, half) - excess, 1e-6, ALIKE)
    middle = logs.mean() + special.digamma(strength / 2) - math.log(strength / 2)
    return math.exp(middle), float(strength)
