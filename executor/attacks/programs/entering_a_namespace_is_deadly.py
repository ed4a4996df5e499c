# Must die of setns
# group: privileges
# attacks: setns
from executor.attacks.guest.attack import call

call("setns", 3, 0)  # setns
