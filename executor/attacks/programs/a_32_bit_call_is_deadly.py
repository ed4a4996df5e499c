# Must die by SIGSYS
# group: kernel
# behind: node
# attacks: seccomp mmap
# getpid by the i386 door: there 20 is another call than here, so a filter that ignores the door is blind.
from executor.attacks.guest.attack import run_code

run_code(b"\xb8\x14\x00\x00\x00" + b"\xcd\x80" + b"\xc3")  # mov eax, 20; int 0x80; ret
