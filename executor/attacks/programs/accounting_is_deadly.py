# Must die of acct
# group: kernel
# attacks: acct
from executor.attacks.guest.attack import call

call("acct", b"/tmp/accounts")
