"""Run kinds of subscriptions."""
