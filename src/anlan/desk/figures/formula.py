"""Arithmetic over named figures, and nothing but arithmetic. Every value explains itself as a tree.

A formula is parsed by Python's own parser and refused unless each node is a number, a name, + - * /, a sign, or a
bracket. It is never compiled or run as Python.
"""

import ast
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from django.utils.translation import gettext as _

LONGEST, DEEPEST = 300, 40
SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


class WrongFormula(ValueError):
    """The text is not a formula; says what stands there and what may."""


@dataclass(frozen=True)
class Node:
    """One step of a computation: a number, a figure, or an operation on the nodes below. `value` None has a reason."""

    kind: str  # number, name, or one of + - * / neg
    text: str
    value: float | None
    reason: str = ""
    below: tuple["Node", ...] = field(default=())

    def as_dict(self) -> dict:
        told = {"kind": self.kind, "text": self.text, "value": self.value, "reason": self.reason}
        return told | {"below": [node.as_dict() for node in self.below]}


@cache
def parse(text: str) -> ast.expr:
    """The formula's tree. Errors: WrongFormula."""
    if len(text) > LONGEST:
        raise WrongFormula(f"the formula has {len(text)} characters; at most {LONGEST} are read")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise WrongFormula(f"'{text}' is not a formula: {error}") from None
    _check(tree, 0)
    return tree


def names(text: str) -> tuple[str, ...]:
    """The figures a formula uses, in the order of their first use."""
    found = [node for node in ast.walk(parse(text)) if isinstance(node, ast.Name)]
    return tuple(dict.fromkeys(node.id for node in sorted(found, key=lambda node: node.col_offset)))


def evaluate(text: str, values: Mapping[str, float | None], reasons: Mapping[str, str] | None = None) -> Node:
    """The value with its explanation. A missing figure, a division by zero and an overflow give no value, with the
    reason, and everything above them has none either."""
    return _evaluate(parse(text), values, reasons or {})


def _check(node: ast.expr, depth: int) -> None:
    if depth > DEEPEST:
        raise WrongFormula("the formula is nested too deeply; split it")
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in SIGNS:
            _check(left, depth + 1)
            _check(right, depth + 1)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            _check(operand, depth + 1)
        case ast.Name():
            pass
        case ast.Constant(value=value) if type(value) in (int, float) and abs(value) < 1e18:
            pass
        case _:
            raise WrongFormula(f"'{ast.unparse(node)}' is not arithmetic: write numbers, figures, + - * / and brackets")


def _evaluate(node: ast.expr, values: Mapping[str, float | None], reasons: Mapping[str, str]) -> Node:
    text = ast.unparse(node)
    match node:
        case ast.Constant(value=value):
            return Node("number", text, float(value))
        case ast.Name(id=name):
            value = values.get(name)
            given = None if value is None else float(value)
            return Node("name", name, given, "" if given is not None else reasons.get(name) or _("没有数据"))
        case ast.UnaryOp(op=op, operand=operand):
            below = _evaluate(operand, values, reasons)
            turned = below.value if below.value is None or isinstance(op, ast.UAdd) else -below.value
            return Node("neg", text, turned, below.reason, (below,))
    left, right = (_evaluate(side, values, reasons) for side in (node.left, node.right))
    sign = SIGNS[type(node.op)]
    value, reason = _operate(sign, left, right)
    return Node(sign, text, value, reason, (left, right))


def _operate(sign: str, left: Node, right: Node) -> tuple[float | None, str]:
    if left.value is None or right.value is None:
        return None, left.reason or right.reason
    if sign == "/" and right.value == 0:
        return None, _("除数为零：%(text)s") % {"text": right.text}
    operations = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
    }
    value = operations[sign](left.value, right.value)
    return (value, "") if math.isfinite(value) else (None, _("数值过大"))
