"""What the codes of risks are called: methods, accident types, hazardous factors, six documents."""

from django.utils.translation import get_language

from anlan.prevent.risks.evaluating import ways


def method_title(name: str) -> str:
    """The method in the reader's language; nothing for an event that was not evaluated."""
    way = ways().get(name)
    return way.title.said(get_language() or "zh") if way else name


def tree(explanation: dict | None) -> dict | None:
    """A stored Finding as the template shows it: words in the reader's language, inputs as pairs, reasons below."""
    if not explanation:
        return None
    language = "en" if (get_language() or "zh").startswith("en") else "zh"
    clause = explanation.get("clause") or {}
    return {
        "rule": explanation["rule"][language],
        "said": explanation["said"][language],
        "unit": explanation["unit"],
        "clause": clause.get("said", {}).get(language, ""),
        "status": explanation["status"],
        "inputs": [(name, _plain(value, language)) for name, value in explanation["inputs"].items()],
        "because": [tree(reason) for reason in explanation["because"]],
    }


def _plain(value, language: str):
    if isinstance(value, dict) and set(value) == {"zh", "en"}:
        return value[language]
    return value
