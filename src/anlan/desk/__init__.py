"""The engines of the five nouns, and the desks around them. Knows no capability."""
