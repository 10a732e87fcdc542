"""Panels of the product page that the catalogue itself contributes, one file a topic."""
