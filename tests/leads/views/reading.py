"""How tests read a lead's pages: words, actions, addresses, cost."""

import html
import re

CONTACT = {
    "first_name": "Ana",
    "last_name": "Sousa",
    "email": "ana@northwind.example",
    "phone": "+351 912 345 678",
    "company": "Northwind Traders",
}


def text_of(answer) -> str:
    """The words of a page: tags away, entities read, white space as one."""
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(html.unescape(words).split())


def actions_of(answer) -> set[str]:
    """The actions that a page offers."""
    return set(re.findall(r'data-action="([a-z-]+)"', answer.content.decode()))


def url(lead, action: str = "") -> str:
    """The address of a lead's page, or of one of its actions."""
    return f"/leads/{lead.reference}/{action}/" if action else f"/leads/{lead.reference}/"


def number_of_queries(client, address: str) -> int:
    """How many queries a page costs."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)  # the session is written at most every ten minutes
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def sent_from(answer, to: str = "", **changes) -> dict:
    """What the page's last form, or its last one to `to`, sends when `changes` were typed into it."""
    forms = answer.content.decode().split("<form ")[1:]
    form = [one for one in forms if f"{to}/" in one.partition(">")[0] or not to][-1]
    form = form.partition("</form>")[0]
    values: dict = {}
    for tag in re.findall(r"<input [^>]*>", form):
        found = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        is_off = found.get("type") in {"radio", "checkbox"} and not re.search(r"\bchecked\b", tag)
        if "name" in found and not is_off:
            values[found["name"]] = html.unescape(found.get("value", ""))
    for name, options in re.findall(r'(?s)<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form):
        chosen = re.search(r'<option value="([^"]*)"[^>]*\bselected\b', options)
        values[name] = html.unescape(chosen[1]) if chosen else ""
    return {**values, **changes}
