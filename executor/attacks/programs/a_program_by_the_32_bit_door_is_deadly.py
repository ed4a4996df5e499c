# Must die by SIGSYS
# group: processes
# behind: node
# attacks: seccomp seal execve mmap
from executor.attacks.guest.attack import run_code

run_code(
    b"\x31\xdb\xb8\x0b\x00\x00\x00" + b"\xcd\x80" + b"\xc3"
)  # xor ebx, ebx; mov eax, 11 (execve); int 0x80
