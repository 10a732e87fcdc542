"""What billing shows on pages: its own, and those of accounts, runs and home."""
