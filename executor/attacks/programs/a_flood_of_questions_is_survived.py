# Must print answered
# group: network
# attacks: egress sendto
import socket

asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
question = b"\x00\x07\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x04none\x07invalid\x00\x00\x01\x00\x01"
for _ in range(20_000):
    asker.sendto(question, ("8.8.8.8", 53))
asker.settimeout(1)
for _ in range(15):
    asker.sendto(question, ("8.8.8.8", 53))
    try:
        answer = asker.recv(512)
    except TimeoutError:
        continue
    if answer[:2] == question[:2]:
        break
else:
    raise SystemExit("never answered again")
print("answered")
