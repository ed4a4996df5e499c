# Must die of add_key
# group: kernel
# attacks: add_key
from executor.attacks.guest.attack import call

call("add_key", b"user", b"name", b"value", 5, -3)
