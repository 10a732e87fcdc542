"""Benchmarks: `make bench` prints a table and writes bench.json; no time is ever asserted."""
