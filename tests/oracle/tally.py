"""How often what was tried: bases, tier rules, currencies. Printed by `make properties`."""

from collections import Counter

TRIED: Counter[str] = Counter()


def tried(**facts: object) -> None:
    """Count an example under each of its facts, such as basis or digits."""
    for kind, value in facts.items():
        TRIED[f"{kind.replace('_', ' ')} {value}"] += 1
