"""Law and national standards as pure functions over dated tables: every answer names its clause and explains itself."""
