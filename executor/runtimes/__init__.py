"""How each language is put into a sandbox: its root, its policy, its self-test."""
