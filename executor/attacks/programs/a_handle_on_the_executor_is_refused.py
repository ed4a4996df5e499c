# Must print ENOPROTOOPT ENOPROTOOPT 0
# group: processes
# attacks: getsockopt setsockopt recvmsg
import os

from executor.attacks.guest.attack import call, say

# SO_PEERPIDFD on the channel and SO_PASSPIDFD for its messages: a descriptor of the process that holds the other end
size = (4).to_bytes(4, "little")
said = [call("getsockopt", 3, 1, 77, bytes(4), size), call("setsockopt", 3, 1, 76, size, 4)]
opened = [number for number in range(4, 64) if call("fcntl", number, 1) == "done"]
say(*said, len(opened))
