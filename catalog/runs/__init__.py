"""Kinds of runs over the catalogue."""
