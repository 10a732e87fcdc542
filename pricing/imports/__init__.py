"""Pricing's kinds of imports and exports, named in the settings list IMPORTS."""
