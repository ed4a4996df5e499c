# Must die of fsopen
# group: privileges
# attacks: fsopen
from executor.attacks.guest.attack import call

call("fsopen", b"tmpfs", 0)
