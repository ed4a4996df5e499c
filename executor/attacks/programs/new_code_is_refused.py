# Must print EPERM EPERM EPERM EPERM done
# group: memory
# attacks: mmap mprotect
import os

from executor.attacks.guest.attack import (
    ANONYMOUS,
    EXECUTE,
    PRIVATE,
    READ,
    SHARED,
    WRITE,
    call,
    map_memory,
    say,
)

library = os.open("/rt/main.py", os.O_RDONLY)
page, source = map_memory(READ | WRITE, PRIVATE | ANONYMOUS), map_memory(READ, PRIVATE, library)
say(
    map_memory(READ | WRITE | EXECUTE, PRIVATE | ANONYMOUS),
    map_memory(READ | EXECUTE, SHARED, library),
    call("mprotect", page, 4096, READ | EXECUTE),
    call("mprotect", source, 4096, READ | EXECUTE),
    call("mprotect", page, 4096, READ),
)
