"""The icons: one file for all pages, kept by browsers."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from django.urls import reverse

from lists import icons
from lists.templatetags.lists import icon

TEMPLATES = Path(__file__).parents[2] / "templates"


def test_the_sprite_is_kept_for_a_year_under_its_digest(as_anonymous):
    answer = as_anonymous.get(reverse("icons", args=[icons.digest()]))
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert 'id="pencil"' in answer.content.decode()
    assert "Set-Cookie" not in answer.headers


def test_an_older_pages_sprite_is_the_new_one_and_not_kept(as_anonymous):
    answer = as_anonymous.get(reverse("icons", args=["0"]))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


def test_it_holds_what_templates_show_and_nothing_else():
    named = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r'{% (?:icon |include .* name=)"([^"]+)"', path.read_text())
    }
    assert named == set(icons.NAMES)


def test_an_icon_that_is_not_in_it_is_a_mistake():
    with pytest.raises(ValueError, match="unicorn"):
        icon("unicorn")


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("", None)]
)
def test_it_comes_as_packed_as_the_browser_takes_it(as_anonymous, accepted, encoding):
    address = reverse("icons", args=[icons.digest()])
    answer = as_anonymous.get(address, headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    unpacked = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert unpacked(answer.content).decode() == icons.sprite()
