# Must print EPERM
from tests.escape.guest.attack import call, say

say(call(319, b"hidden", 0))  # memfd_create
