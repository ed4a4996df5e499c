"""Hostile bytes against everything that reads what a guest or a client wrote. `script/fuzz` runs it for longer."""
