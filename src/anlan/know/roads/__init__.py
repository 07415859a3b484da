"""Roads: which way a rescue comes, how far and how long it is, and which roads are closed just now."""
