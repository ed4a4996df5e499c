# Must print ENOPROTOOPT
# group: kernel
# attacks: setsockopt
import ctypes
import socket
import struct

from executor.attacks.guest.attack import call, say

# SO_ATTACH_FILTER, SO_ATTACH_BPF, SO_ATTACH_REUSEPORT_CBPF, SO_ATTACH_REUSEPORT_EBPF: code that runs in the kernel
code = ctypes.create_string_buffer(struct.pack("=HBBI", 6, 0, 0, 0xFFFF), 8)
program = struct.pack("=H6xQ", 1, ctypes.addressof(code))
sockets = [socket.socket(), *socket.socketpair()]
say(
    *{
        call("setsockopt", it.fileno(), 1, option, program, len(program))
        for it in sockets
        for option in (26, 50, 51, 52)
    }
)
