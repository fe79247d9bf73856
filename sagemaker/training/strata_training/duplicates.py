"""Near-duplicates: the same photo in another size, quality or crop must not stand on both sides of a split."""

import numpy as np
from PIL import Image

# A difference hash of 64 bits, then a thumbnail of 16 x 16 in colour.
_HASH_BYTES = 8
_THUMBNAIL = 16

# (bits of the hash that differ, root mean square difference of the thumbnails): at most both of either row. Among 2,069
# photographs of flowers every pair within the first row shows the same picture or two frames of one moment, and the
# next one beyond it is at 26; the second row is for a changed exposure.
LIMITS = ((10, 20.0), (4, 45.0))


def fingerprint(image: Image.Image) -> np.ndarray:
    """uint8 row of a photo's difference hash and of its thumbnail."""
    grey = np.asarray(image.convert("L").resize((9, 8), Image.Resampling.BOX), np.int16)
    bits = np.packbits((grey[:, 1:] > grey[:, :-1]).ravel())
    thumbnail = np.asarray(image.resize((_THUMBNAIL, _THUMBNAIL), Image.Resampling.BOX)).ravel()
    return np.concatenate([bits, thumbnail])


def similar_pairs(left: np.ndarray, right: np.ndarray | None = None) -> list[tuple[int, int]]:
    """Pairs (i, j) of near-duplicates: within `left` (i < j), or between `left` and `right`."""
    within = right is None
    right = left if right is None else right
    if len(left) == 0 or len(right) == 0:
        return []
    left_hash, right_hash = (
        np.ascontiguousarray(rows[:, :_HASH_BYTES]).view(np.uint64).ravel() for rows in (left, right)
    )
    pairs = []
    for i in range(len(left)):
        first = i + 1 if within else 0
        bits = _bit_count(right_hash[first:] ^ left_hash[i])
        near = np.flatnonzero(bits <= max(limit for limit, _ in LIMITS))
        if len(near) == 0:
            continue
        difference = right[first + near, _HASH_BYTES:].astype(np.float32) - left[i, _HASH_BYTES:].astype(np.float32)
        distance = np.sqrt((difference**2).mean(1))
        same = np.logical_or.reduce([(bits[near] <= most_bits) & (distance <= most) for most_bits, most in LIMITS])
        pairs.extend((i, first + int(j)) for j in near[same])
    return pairs


def similar_groups(fingerprints: np.ndarray) -> np.ndarray:
    """A number for each photo; near-duplicates, also over several steps, have the same."""
    parents = np.arange(len(fingerprints))

    def root(i: int) -> int:
        while parents[i] != i:
            parents[i] = parents[parents[i]]
            i = int(parents[i])
        return i

    for i, j in similar_pairs(fingerprints):
        parents[root(j)] = root(i)
    return np.array([root(i) for i in range(len(parents))], np.int64)


def _bit_count(values: np.ndarray) -> np.ndarray:
    if hasattr(np, "bitwise_count"):
        return np.bitwise_count(values)
    # numpy 1.x
    return np.unpackbits(values.view(np.uint8).reshape(-1, 8), axis=1).sum(1)
