"""Training and validation photos out of one folder."""

import numpy as np

from .errors import TrainingError


def stratified_split(
    labels: np.ndarray, groups: np.ndarray, classes: list[str], share: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Indices of training and of validation photos.

    Each class gives `share` of its photos, as nearly as its groups allow and at least one; a group (near-duplicates)
    stays on one side. The same seed and photos give the same split.

    Raises `TrainingError` when a class has no two photos that differ.
    """
    random = np.random.default_rng(seed)
    validation = np.zeros(len(labels), bool)
    taken: set[int] = set()
    problems = []
    for index, name in enumerate(classes):
        members = np.flatnonzero(labels == index)
        own, counts = np.unique(groups[members], return_counts=True)
        if len(own) < 2:
            problems.append(f"\n  '{name}' has {len(members)} photo{'s, all alike' if len(members) > 1 else ''}")
            continue
        wanted = min(max(1, round(share * len(members))), len(members) - 1)
        count = int(validation[members].sum())
        order = random.permutation(len(own))
        left = len(own)
        for position in order:
            # One group at least stays for training.
            if count >= wanted or left == 1:
                break
            group, size = int(own[position]), int(counts[position])
            if group in taken or (count > 0 and count + size > wanted + max(1, wanted // 10)):
                continue
            validation |= groups == group
            taken.add(group)
            count += size
            left -= 1
        taken.update(int(group) for group in own)
    if problems:
        raise TrainingError(
            f"{len(problems)} class{'es have' if len(problems) > 1 else ' has'} too few photos to hold some back for "
            f"validation:{''.join(problems)}\n"
            "two that differ are the least; add photos, or give validation photos of their own (channel test)"
        )
    return np.flatnonzero(~validation), np.flatnonzero(validation)
