"""What a capability says of its add and edit pages (`forms.py`). Declarations only; `desk.pages` makes the pages."""
