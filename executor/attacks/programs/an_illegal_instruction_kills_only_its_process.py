# Must die by SIGILL
# group: processes
# behind: node
# attacks: mmap
from executor.attacks.guest.attack import run_code

run_code(b"\x0f\x0b")
