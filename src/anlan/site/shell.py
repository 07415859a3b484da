"""What every page is given: who is asking, the menu, the counts in the bar."""


def context(request) -> dict:
    return {}
