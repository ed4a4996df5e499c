# Must print survived
# group: logs
# attacks: write
import os

from executor.attacks.guest.attack import say

os.write(2, b"\xff\xfe\x00\xed\xa0\x80\x1b]0;owned\x07\x1b[2J" * 100)
say("survived")
