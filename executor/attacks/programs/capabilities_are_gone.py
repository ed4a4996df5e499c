# Must print 0 EPERM
# group: privileges
# attacks: capget capset
import ctypes
import struct

from executor.attacks.guest.attack import call, say

data = (ctypes.c_char * 24)()
call("capget", struct.pack("=Ii", 0x20080522, 0), data)  # capget
say(
    sum(struct.unpack("=6I", data.raw)), call("capset", struct.pack("=Ii", 0x20080522, 0), b"\xff" * 24)
)  # capset
