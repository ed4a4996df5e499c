# Must print EPERM
# group: files
# attacks: memfd_create
from executor.attacks.guest.attack import call, say

say(call("memfd_create", b"hidden", 0))  # memfd_create
