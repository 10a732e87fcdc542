"""Run kinds: what the run engine asks of the apps."""
