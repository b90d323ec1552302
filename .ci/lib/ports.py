"""Ports for servers that can not choose their own, or that must come back on the one they had."""
import random
import socket


def free_port():
    """One below those that the kernel gives to clients and to port 0, so that nobody else is given it meanwhile."""
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as file:
        end = max(11000, int(file.read().split()[0]))
    for port in random.sample(range(10000, end), end - 10000):
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise SystemExit("no port is free")
