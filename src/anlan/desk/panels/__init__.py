"""What a capability says of the panels it adds to pages (`panels.py`). Declarations only; `desk.pages` shows them."""
