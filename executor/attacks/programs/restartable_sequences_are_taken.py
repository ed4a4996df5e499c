# Must print refused
# group: kernel
# attacks: rseq
from executor.attacks.guest.attack import call, say, verdict

say(
    verdict(
        call("rseq", 0xFFFF_8880_0000_0000, 32, 0, 0),
        call("rseq", 1, 32, 0, 0),
        call("rseq", None, 1 << 20, 1, 0),
    )
)
