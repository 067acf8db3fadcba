"""A small load generator for the loopback address: threads over bare sockets, one connection a request.

gunicorn's sync workers close the connection after each answer, so keeping it open would measure nothing.
"""

import itertools
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

HOST = "127.0.0.1"
SECONDS_TO_WAIT = 30


class LoadError(Exception):
    """The server answered something else than 200."""


@dataclass(frozen=True)
class Target:
    """Addresses asked in turn (so that nothing is the same row each time) and the cookies sent along."""

    name: str
    paths: Sequence[str]
    cookies: str = ""

    def requests(self, port: int) -> list[bytes]:
        """The bytes of each request."""
        head = f"Host: {HOST}:{port}\r\nAccept-Language: zh-CN\r\nConnection: close\r\n"
        cookies = f"Cookie: {self.cookies}\r\n" if self.cookies else ""
        return [f"GET {path} HTTP/1.1\r\n{head}{cookies}\r\n".encode() for path in self.paths]


def ask(port: int, request: bytes) -> bytes:
    """The whole answer to one request."""
    with socket.create_connection((HOST, port), timeout=SECONDS_TO_WAIT) as client:
        client.sendall(request)
        parts = []
        while part := client.recv(65536):
            parts.append(part)
    return b"".join(parts)


def run(target: Target, port: int, *, seconds: float, clients: int) -> tuple[int, float]:
    """Ask for that long with so many clients, each at least once: (answers, seconds it took). LoadError at the first
    wrong answer."""
    requests = target.requests(port)
    counts, wrong = [0] * clients, []
    end = time.monotonic() + seconds

    def work(place: int) -> None:
        for request in itertools.islice(itertools.cycle(requests), place, None):
            if wrong or (counts[place] and time.monotonic() >= end):
                return
            answer = ask(port, request)
            if not answer.startswith(b"HTTP/1.1 200"):
                wrong.append(answer[:80])
                return
            counts[place] += 1

    threads = [threading.Thread(target=work, args=[place]) for place in range(clients)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise LoadError(f"{target.name}: {wrong[0].decode(errors='replace')}")
    return sum(counts), time.monotonic() - started
