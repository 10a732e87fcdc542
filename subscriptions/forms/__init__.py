"""Forms of accounts, users, services and set-up."""
