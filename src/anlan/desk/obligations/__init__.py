"""Who must do what, by when, on which basis: made from dated rules, reminded, met by evidence, escalated when late."""
