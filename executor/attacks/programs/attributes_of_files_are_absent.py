# Must print ENOTSUP ENOSYS
# group: files
# attacks: getxattr listxattr lgetxattr llistxattr fgetxattr flistxattr setxattr
from executor.attacks.guest.attack import call, say

# Where labels, access lists and file capabilities are kept
looks = [call(name, b"/rt/main.py", b"security.capability", None, 0) for name in ("getxattr", "lgetxattr")]
looks += [call(name, b"/rt/main.py", None, 0) for name in ("listxattr", "llistxattr")]
looks += [call("fgetxattr", 1, b"user.x", None, 0), call("flistxattr", 1, None, 0)]
say(*set(looks), call("setxattr", b"/tmp", b"user.x", b"", 0, 0))
