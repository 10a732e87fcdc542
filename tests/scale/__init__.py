"""Pages ask the database as often for many rows as for few."""
