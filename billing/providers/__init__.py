"""Adapters to what billing uses from outside: the typesetter of bills."""
