"""Which web sites may show a form in a frame: origins, as `frame-ancestors` takes them (security.md R24)."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.utils.translation import gettext

from leadportal.common.values import BadValueError

SITES_MOST = 50
HOST_LENGTH = 253
_SCHEMES = frozenset({"http", "https"})
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
# Letters, digits and hyphens only: nothing here can end the header's directive and begin another.
_HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def read_sites(lines: Sequence[str]) -> list[str]:
    """Return the origins that `lines` name, each once. Raises BadValueError for the first that is none."""
    sites = list(dict.fromkeys(read_site(line) for line in lines))
    if len(sites) > SITES_MOST:
        raise BadValueError(
            gettext("There can be at most %(most)s sites. You have entered %(count)s.")
            % {"most": SITES_MOST, "count": len(sites)}
        )
    return sites


def read_site(text: str) -> str:
    """Return one site as scheme, host and port; "www.example.com" gets its https://, a path is left out."""
    address = text if _SCHEME.match(text) else f"https://{text}"
    try:
        parts = urlsplit(address)
        host, port = _ascii(parts.hostname or ""), parts.port
    except ValueError:
        raise BadValueError(_sentence(text)) from None
    is_plain = parts.username is None and not parts.query and not parts.fragment
    if parts.scheme not in _SCHEMES or not is_plain or not _HOST.fullmatch(host):
        raise BadValueError(_sentence(text))
    return f"{parts.scheme}://{host}:{port}" if port else f"{parts.scheme}://{host}"


def _ascii(host: str) -> str:
    """Return a host name as it travels: "bücher.example" is "xn--bcher-kva.example". Raises ValueError."""
    if len(host) > HOST_LENGTH:
        raise ValueError(host)
    return host.encode("idna").decode("ascii").lower() if host else ""


def _sentence(text: str) -> str:
    return gettext("%(site)s is not the address of a site, like https://www.example.com") % {
        "site": text[:100]
    }
