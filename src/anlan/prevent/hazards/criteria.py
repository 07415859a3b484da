"""Which criteria of the enterprise's sectors speak of such a danger: candidates with reason and clause, no verdict."""


def candidates_for(categories: list[str], words: str) -> list[dict]:
    return []
