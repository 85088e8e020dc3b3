"""Which network addresses may be connected to. Links are written by strangers."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass

Resolver = Callable[[str, int], list[str]]
"""Host name and port → numeric addresses, in the order to try."""

_METADATA = frozenset(
    ipaddress.ip_address(a) for a in ("169.254.169.254", "169.254.170.2", "fd00:ec2::254", "100.100.100.200")
)
"""Where cloud machines answer with their own credentials: refused whatever is allowed."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressRefusedError(Exception):
    """The host leads to an address that must not be connected to."""

    def __init__(self, host: str, address: str, kind: str) -> None:
        super().__init__(f"{host} leads to {address}, a {kind} address")
        self.host, self.address, self.kind = host, address, kind


def resolve(host: str, port: int) -> list[str]:
    """Addresses of a host by the system's resolver. Raises `socket.gaierror` where there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def refusal(address: str, *, allow_private: bool) -> str | None:
    """Why an address is refused ("loopback", "private" …), or None where it may be connected to."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    reasons = [_refusal(each, allow_private) for each in (ip, *_embedded(ip))]
    return next((reason for reason in reasons if reason), None)


def is_own(address: str) -> bool:
    """True for addresses that lead no further than this machine or its private network."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return not (_embedded(ip) or [ip])[-1].is_global


def _embedded(ip: IPAddress) -> list[IPAddress]:
    """IPv4 addresses that an IPv6 one carries (mapped, 6to4, NAT64): connecting to it reaches them."""
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    inner: list[IPAddress | None] = [ip.ipv4_mapped, ip.sixtofour]
    if ip in _NAT64:
        inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return [each for each in inner if each is not None]


def _refusal(ip: IPAddress, allow_private: bool) -> str | None:
    if ip in _METADATA:
        return "cloud metadata"
    if ip.is_multicast or ip.is_unspecified:
        return "multicast" if ip.is_multicast else "unspecified"
    if allow_private or (isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped):
        return None  # a mapped address is judged by what it carries
    if ip.is_loopback:
        return "loopback"
    if ip.is_link_local:
        return "link-local"
    return None if ip.is_global else "private"


@dataclass(frozen=True, slots=True)
class Guard:
    """Resolves a host and lets through only addresses that may be connected to."""

    allow_private: bool = False
    resolver: Resolver = resolve
    own_only: bool = False
    """Let through nothing beyond this machine and its private network."""

    def addresses(self, host: str, port: int) -> list[str]:
        """Checked addresses of a host, to be connected to as they are (never by name again).

        One refused address refuses the host: a name that leads inside and outside is a trap.
        Raises AddressRefusedError, or `socket.gaierror` where the name is unknown.
        """
        found = self.resolver(host.strip("[]"), port)
        for address in found:
            self.check(host, address)
        return found

    def check(self, host: str, address: str) -> None:
        kind = refusal(address, allow_private=self.allow_private)
        if not kind and self.own_only and not is_own(address):
            kind = "public"
        if kind:
            raise AddressRefusedError(host, address, kind)
