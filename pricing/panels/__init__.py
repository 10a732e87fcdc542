"""What pricing shows on pages, one file a topic."""
