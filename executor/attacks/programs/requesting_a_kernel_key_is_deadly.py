# Must die of request_key
# group: kernel
# attacks: request_key
from executor.attacks.guest.attack import call

call("request_key", b"user", b"name", None, -3)
