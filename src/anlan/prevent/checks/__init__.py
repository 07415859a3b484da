"""Checks: whether the controls of the risks still hold. A check item is a control measure that may have failed."""
