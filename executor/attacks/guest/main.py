"""Runs the program that the arena sends, once the arena has set its limits."""

import os
import sys

sys.path.insert(0, "/rt")
os.write(3, b"up")
source = b""
while more := os.read(3, 65_536):
    source += more
exec(compile(source, "hostile.py", "exec"), {"__name__": "__main__"})
