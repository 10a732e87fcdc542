"""Panels of accounts, users, subscriptions, set-up, and those on the product page."""
