# Must print ENOSYS ENOSYS
# group: kernel
# attacks: pipe2
import os

from executor.attacks.guest.attack import call, say

# splice and tee, as "Dirty Pipe" (CVE-2022-0847) needs them to write into files it may only read
reader, writer = os.pipe()
file = os.open("/rt/main.py", os.O_RDONLY)
say(call(275, file, None, writer, None, 1, 0), call(276, reader, writer, 1, 0))
