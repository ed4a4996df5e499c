# Must print ETOOMANYREFS True
# group: limits
# attacks: sendmsg socketpair rlimits
import array
import errno
import os
import socket

from executor.attacks.guest.attack import say

# A descriptor in a message needs no number: without a count they would be endless.
pairs = [socket.socketpair() for _ in range(4)]
parcel = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [pairs[0][0].fileno()] * 64))]
sent = 0
try:
    for number in range(4000):
        one = pairs[number % 4][1]
        one.setblocking(False)
        one.sendmsg([b"x"], parcel)
        sent += 64
except OSError as error:
    say(errno.errorcode[error.errno], sent <= 1024)
