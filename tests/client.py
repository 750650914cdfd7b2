"""A test client that lints every page and piece that it loads."""

from copy import copy

from bs4 import BeautifulSoup
from django.test import Client


class LintingClient(Client):
    """Fails on markup that a browser or a screen reader would stumble over."""

    def request(self, **request):
        response = super().request(**request)
        is_html = response.headers.get("Content-Type", "").startswith("text/html")
        if is_html and not request.get("PATH_INFO", "").startswith("/admin/"):
            content = b"".join(response) if response.streaming else response.content
            response.soup = BeautifulSoup(content, "html.parser", from_encoding="utf-8")
            piece = request.get("HTTP_HX_REQUEST") == "true"
            problems = lint(response.soup, piece=piece)
            assert not problems, problems
        return response

    def piece(self, path, data=None, *, post=False, **headers):
        """What htmx would ask for."""
        headers = {"HX-Request": "true", **headers}
        return (self.post if post else self.get)(path, data, headers=headers)


def text(response):
    """What a person reads, without the line breaks of the markup."""
    return words(response.soup)


def words(element):
    """What a person reads in this element; links, names and numbers part no words."""
    read = copy(element)
    for inline in read.select("a, bdi, span.number"):
        inline.unwrap()
    read.smooth()
    return " ".join(read.get_text(" ").split())


def fields(page, **changed):
    """What a browser would send from the page's own form."""
    form = page.soup.select_one("main form[method=post], dialog form, tr form")
    sent = {
        field["name"]: field.get("value", "")
        for field in form.select("input[name]")
        if field["name"] != "csrfmiddlewaretoken"
        and (field.get("type") != "radio" or field.has_attr("checked"))
    }
    sent |= {field["name"]: field.text.removeprefix("\n") for field in form.select("textarea")}
    return sent | changed


def lint(soup, *, piece=False):
    problems = []
    ids = [element["id"] for element in soup.select("[id]")]
    problems += [f"id {i!r} stands {ids.count(i)} times" for i in set(ids) if ids.count(i) > 1]
    if not piece and soup.html:
        if len(soup.select("h1")) != 1:
            problems.append(f"{len(soup.select('h1'))} h1")
        if not soup.html.get("lang"):
            problems.append("no lang")
        if not soup.title or not soup.title.text.strip(" ·\n"):
            problems.append("no title")
        for element in soup.select("[hx-target]"):
            target = element["hx-target"]
            if target.startswith("#") and target[1:] not in ids:
                problems.append(f"hx-target {target} is not on the page")
    labelled = {label.get("for") for label in soup.select("label")}
    for field in soup.select("input:not([type=hidden]), textarea, select"):
        inside_label = field.find_parent("label")
        named = field.get("aria-label") or (
            field.get("aria-labelledby") and set(field["aria-labelledby"].split()) <= set(ids)
        )
        if field.get("id") not in labelled and not inside_label and not named:
            problems.append(f"{field.get('name')} has no label")
    for named in soup.select("a, button"):
        if not named.get_text(strip=True) and not named.get("aria-label"):
            problems.append(f"no name: {named}")
    for element in soup.select("[hx-get], [hx-post]"):
        addresses = {"href", "action", "formaction"} & set(element.attrs)
        plain = addresses or element.name == "textarea"
        if not plain:
            problems.append(f"does nothing without JavaScript: {element}")
    for element in soup.select("[style], style, script:not([src]), [onclick], [onsubmit]"):
        problems.append(f"inline style or script: {element}")
    for form in soup.select("form[method=post]"):
        if not form.select_one("[name=csrfmiddlewaretoken]"):
            problems.append(f"no CSRF token: {form.get('action')}")
    return problems


def signed_in(person=None, **options):
    """A person's browser, or a stranger's."""
    client = LintingClient(**options)
    if person:
        client.force_login(person)
    return client


def in_english(person=None):
    """The same in English; it sees a defect as people do."""
    return signed_in(person, raise_request_exception=False, headers={"Accept-Language": "en"})
