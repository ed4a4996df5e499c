# Must print reset
# group: network
# attacks: egress connect
import socket

kept = []
for number in range(200):
    one = socket.socket()
    one.setblocking(False)
    one.connect_ex((f"10.{number}.0.1", 443))
    kept.append(one)
outcomes = set()
for one in kept:
    one.settimeout(10)
    try:
        outcomes.add(one.recv(1) or "closed")
    except ConnectionError:
        outcomes.add("reset")
print(*outcomes)
