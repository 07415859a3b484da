"""Chance that can be repeated: one generator per purpose, so that adding a purpose moves no other one."""

import hashlib

import numpy as np


def dice(seed: int, purpose: str) -> np.random.Generator:
    """A generator that depends on the seed and the name of the purpose alone, never on the order of calls."""
    digest = hashlib.sha256(f"{seed}/{purpose}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "little")))


def deal(rng: np.random.Generator, shares: dict[str, float], count: int) -> np.ndarray:
    """`count` keys in random order whose numbers follow the shares exactly (largest remainder), not just on
    average."""
    weights = np.array(list(shares.values()), float)
    exact = weights / weights.sum() * count
    whole = np.floor(exact).astype(int)
    for index in np.argsort(whole - exact)[: count - whole.sum()]:
        whole[index] += 1
    return rng.permutation(np.repeat(np.array(list(shares)), whole))
