# Must print Protocol not available
import socket

from tests.escape.guest.attack import say

try:
    socket.socket().setsockopt(255, 64, b"x" * 40)
except OSError as error:
    say(error.strerror)
