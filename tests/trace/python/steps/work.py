"""CPU, memory, threads, cryptography, compression."""

import asyncio
import bz2
import concurrent.futures
import datetime as dt
import decimal
import gc
import hashlib
import hmac
import json
import lzma
import queue
import random
import re
import secrets
import ssl
import threading
import uuid
import zlib


def memory():
    kept = [bytes(500_000) for _ in range(40)] + [{n: str(n)} for n in range(100_000)]
    growing = bytearray()
    for _ in range(50):
        growing.extend(bytes(200_000))
    del kept
    gc.collect()


def threads():
    lines: queue.Queue[int] = queue.Queue()
    ones = [threading.Thread(target=lines.put, args=(n,)) for n in range(8)]
    for one in ones:
        one.start()
    for one in ones:
        one.join(1)
    threading.Event().wait(0.01)
    threading.get_native_id()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(hash, range(100)))
    timer = threading.Timer(0.01, print, [""])
    timer.start()
    timer.join()


def loops():
    async def main():
        await asyncio.sleep(0.01)
        await asyncio.to_thread(sum, range(1000))
        async with asyncio.timeout(1), asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(0))
        server = await asyncio.start_unix_server(lambda _r, writer: writer.close(), "/tmp/asyncio.sock")
        reader, writer = await asyncio.open_unix_connection("/tmp/asyncio.sock")
        await reader.read()
        writer.close()
        server.close()

    asyncio.run(main())


def keys():
    hashlib.pbkdf2_hmac("sha256", b"a", b"b", 1000)
    hashlib.scrypt(b"a", salt=b"b", n=1024, r=8, p=1)
    hmac.new(b"a", b"b", "sha512").hexdigest()
    secrets.token_bytes(32)
    random.SystemRandom().random()
    uuid.uuid4()
    uuid.uuid1()
    context = ssl.create_default_context()
    context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="a.example")


def packed():
    data = b"text " * 100_000
    zlib.decompress(zlib.compress(data))
    bz2.decompress(bz2.compress(data))
    lzma.decompress(lzma.compress(data))


def hot():
    json.loads(json.dumps([{"n": n} for n in range(20_000)]))
    re.sub(r"(\w+) (\w+)", r"\2 \1", "one two " * 1000)
    decimal.Decimal(2).sqrt()
    dt.datetime.now(dt.UTC).isoformat()
    sum(n % 7 for n in range(1_000_000))


STEPS = (memory, threads, loops, keys, packed, hot)
