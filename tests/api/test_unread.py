"""Connections whose client stopped reading do not stay with the kernel."""

import contextlib
import select
import socket
import sys

import pytest

from api.cli.serving import set_up_connections

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has TCP_USER_TIMEOUT")


def test_a_full_connection_ends_by_itself() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        set_up_connections(listening, unread_s=0.2)
        with socket.create_connection(listening.getsockname()) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            taken, _ = listening.accept()
            with taken:
                assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 200
                assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
                taken.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    while True:
                        taken.send(b"x" * 65536)
                watch = select.poll()
                watch.register(taken, select.POLLERR | select.POLLHUP)
                assert watch.poll(5000), "the kernel still keeps it"
                with pytest.raises(TimeoutError):
                    taken.send(b"x")
