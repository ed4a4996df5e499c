# Must be killed
# group: cpu
# attacks: watchdog clock_nanosleep
import os
import time

os.write(3, b"started")
time.sleep(1e9)
