"""Tests reach this machine and nothing else."""

from __future__ import annotations

import socket

import pytest
import pytest_socket


def test_a_server_on_this_machine_can_be_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=5) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_another_machine_cannot_be_reached() -> None:
    # The attempt is a warning first, and warnings are errors here.
    blocked = (pytest_socket.SocketConnectBlockedError, UserWarning)
    with pytest.raises(blocked, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
