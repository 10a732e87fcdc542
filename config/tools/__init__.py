"""What the Makefile runs before and around Ratebook's own commands."""
