"""A server inside that nobody may reach, and a witness of every connection that is so much as begun."""

import socket
import sys
import threading
from typing import Self


class Trap:
    """Listens at the same port of several addresses inside; `caught` are connections that came."""

    def __init__(self, *addresses: str) -> None:
        self.addresses, self.caught, self.port = addresses, list[str](), 0
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        for address in self.addresses:
            listening = socket.create_server(
                (address, self.port), family=socket.AF_INET6 if ":" in address else socket.AF_INET, backlog=64
            )
            self.port = listening.getsockname()[1]
            self._sockets.append(listening)
            self._threads.append(threading.Thread(target=self._listen, args=(listening,), daemon=True))
            self._threads[-1].start()
        return self

    def _listen(self, listening: socket.socket) -> None:
        while True:
            try:
                taken, peer = listening.accept()
            except OSError:
                return
            self.caught.append(f"{listening.getsockname()[0]} by {peer[0]}")
            taken.close()

    def __exit__(self, *_: object) -> None:
        for listening in self._sockets:
            listening.shutdown(socket.SHUT_RDWR)
            listening.close()
        for thread in self._threads:
            thread.join(5)


class Witness:
    """The addresses to which this process began connections while it watched."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._watching = False
        sys.addaudithook(self._heard)

    def _heard(self, event: str, arguments: tuple) -> None:
        if self._watching and event == "socket.connect" and isinstance(arguments[1], tuple):
            self.seen.append(arguments[1][0])

    def __enter__(self) -> Self:
        self._watching = True
        self.seen.clear()
        return self

    def __exit__(self, *_: object) -> None:
        self._watching = False
