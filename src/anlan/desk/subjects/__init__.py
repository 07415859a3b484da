"""Who is bound by a rule or measured against a standard: capabilities declare it, engines ask without knowing them."""
