"""Measures what the project promises about speed and memory: `script/bench` runs it and writes docs/benchmarks.md."""
