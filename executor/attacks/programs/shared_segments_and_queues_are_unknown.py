# Must print ENOSYS ENOSYS ENOSYS ENOSYS
# group: memory
# attacks: ipc shmget msgget mq_open
from executor.attacks.guest.attack import call, say

say(
    call("shmget", 0, 4096, 0o1600),
    call("msgget", 0, 0o1600),
    call("semget", 0, 1, 0o1600),
    call("mq_open", b"/q", 0o102, 0o600, None),
)
