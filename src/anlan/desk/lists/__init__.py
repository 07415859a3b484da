"""What a capability says of its lists and menu entries (`lists.py`) and of names behind codes (`naming.py`).
Declarations only, seen by everybody; `desk.pages` makes the pages."""
