"""Hostile programs, each a small file named by its outcome, and the arena where they meet the real walls."""
