# Must print Protocol not available
# group: network
# attacks: setsockopt
import socket

from executor.attacks.guest.attack import say

try:
    socket.socket().setsockopt(255, 64, b"x" * 40)
except OSError as error:
    say(error.strerror)
