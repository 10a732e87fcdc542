"""A head-end to try Ratebook with: a real HTTP server that keeps what is on and what is off."""
