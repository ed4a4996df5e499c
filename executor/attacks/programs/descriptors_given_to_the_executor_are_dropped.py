# Must print bounded
# group: limits
# attacks: sendmsg socketpair descriptors
import array
import socket

from executor.attacks.guest.attack import say

# The executor reads bytes from the channel: descriptors that come along must not pile up, on neither side.
channel = socket.socket(fileno=3)
channel.setblocking(False)
held = socket.socketpair()
parcel = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [held[0].fileno()] * 64))]
try:
    for _ in range(5000):
        channel.sendmsg([b"x"], parcel)
except OSError:
    say("bounded")
