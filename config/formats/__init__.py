"""How dates are shown and read, by language."""
