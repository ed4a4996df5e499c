# Must print 0 EPERM
import ctypes
import struct

from tests.escape.guest.attack import call, say

data = (ctypes.c_char * 24)()
call(125, struct.pack("=Ii", 0x20080522, 0), data)  # capget
say(sum(struct.unpack("=6I", data.raw)), call(126, struct.pack("=Ii", 0x20080522, 0), b"\xff" * 24))  # capset
