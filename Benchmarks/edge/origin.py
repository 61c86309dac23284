#!/usr/bin/env python3
"""The origin behind every cache under test: origin.py prints its port, answers on 127.0.0.1 and counts fetches.

    /b/SIZE                     SIZE bytes, fresh for a day
    /k/KEY                      one byte, fresh for a day
    /cold/cacheable/NAME        30 KB after DELAY, fresh for a day
    /cold/uncacheable/NAME      30 KB after DELAY, Cache-Control: no-store
    /cold/failing/NAME          500 after DELAY
    /cold/dropped/NAME          closes the connection after DELAY
    /fetches                    JSON: how often each path below /cold/ was asked; asking does not reset
"""

import asyncio
import collections
import email.utils
import json

DELAY = 0.3
HEAD_LIMIT = 65536
fetches = collections.Counter()


def head(status, length, *lines):
    date = email.utils.formatdate(usegmt=True)
    fields = [f"HTTP/1.1 {status}", f"Date: {date}", "Content-Type: image/jpeg", f"Content-Length: {length}", *lines]
    return "\r\n".join([*fields, "", ""]).encode()


async def answer(path, writer):
    """Writes one answer; False when the connection has to end."""
    fresh = "Cache-Control: public, max-age=86400"
    kind = path.split("/")
    if path == "/fetches":
        body = json.dumps(fetches).encode()
        writer.write(head("200 OK", len(body), "Cache-Control: no-store") + body)
    elif kind[1] == "b":
        writer.write(head("200 OK", int(kind[2]), fresh) + b"v" * int(kind[2]))
    elif kind[1] == "k":
        writer.write(head("200 OK", 1, fresh) + b"v")
    elif kind[1] == "cold":
        fetches[path] += 1
        await asyncio.sleep(DELAY)
        if kind[2] == "dropped":
            return False
        if kind[2] == "failing":
            writer.write(head("500 Internal Server Error", 0))
        else:
            policy = fresh if kind[2] == "cacheable" else "Cache-Control: no-store"
            writer.write(head("200 OK", 30000, policy) + b"v" * 30000)
    else:
        writer.write(head("404 Not Found", 0))
    await writer.drain()
    return True


async def connection(reader, writer):
    try:
        while True:
            request = await reader.readuntil(b"\r\n\r\n")
            if not await answer(request.split(b" ", 2)[1].decode("latin-1"), writer):
                break
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
        pass  # The cache has closed its side, or talks nonsense: its own figures show it.
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(connection, "127.0.0.1", 0, limit=HEAD_LIMIT, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
