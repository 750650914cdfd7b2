"""Asking for a block or an unblock, with a warning of what is known already; taking it back."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap

from ..access import PageRequest, connected
from ..connection import Connection
from ..forms.numbers import NumbersForm
from ..forms.requests import AskForm, AskUnblockForm, read_checked
from ..models import BlockRequest
from ..phones import normalise
from ..plusofon.values import UNUSED_TYPE, ListEntry
from ..search_input import InputKind, kind_of
from ..services import catalogue, requests
from ..services.requests import Kind, Taken, TooManyOpen
from ..services.standing import Standing, standing_of
from .page import render_page, wants_piece
from .request_line import request_or_404, taken
from .signed_out import keeps_typed, typed

BLOCK, UNBLOCK = "request_new.html", "request_unblock.html"
LAST_ASKED = "ask_list"  # in the session: the list of the person's last request
NOT_READ = Standing({}, {}, is_complete=False)
MOST_LOOKED_FOR = 3  # numbers that are looked for by themselves, while they are typed


@dataclass(frozen=True, slots=True)
class Known:
    """What is known already of a number: who has asked for what, the lists that block it, and those with
    an entry that may mean it (`possible`)."""

    number: str
    asked: list[BlockRequest]
    lists: list[ListEntry]
    possible: list[ListEntry]


@require_http_methods(["GET", "HEAD", "POST"])
@connected
@keeps_typed
def new(request: PageRequest, *, by: Connection) -> HttpResponse:
    """To block. `fill` brings numbers too many for an address; `check` asks for the warnings alone."""
    if "check" in request.POST and wants_piece(request):
        return _check(request, by)
    last = request.session.get(LAST_ASKED)
    lists = sorted(catalogue.lists_of(by), key=lambda e: (e.id != last, e.type == UNUSED_TYPE))
    sent = typed(request)
    if sent is None or "fill" in sent:
        numbers = sent.get("numbers", "") if sent else request.GET.get("number", "")
        form = AskForm(lists=lists, last=last, initial={"numbers": numbers})
        return render_page(request, BLOCK, {"form": form})
    form = AskForm(sent, lists=lists, last=last)
    if request.method != "POST":
        return render_page(request, BLOCK, {"form": form})
    if not form.is_valid():
        return render_page(request, BLOCK, {"form": form}, status=422)
    if known := _known_of_unchecked(form, by):
        context = {"form": form, "known": known, "checked": ",".join(map(normalise, form.stored))}
        return render_page(request, BLOCK, context, status=422)
    request.session[LAST_ASKED] = form.entry.id if form.entry else None
    return _ask(request, BLOCK, form, form.stored, Kind.BLOCK, entry=form.entry)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed
def new_unblock(request: PageRequest) -> HttpResponse:
    """A lookup has found the number; opened without one, it leads there."""
    sent = typed(request)
    asked_for = request.GET.get("number", "")
    form = AskUnblockForm(sent or {"number": asked_for})
    is_valid = form.is_valid()
    if "number" not in form.cleaned_data:
        return redirect(reverse("lookup", query={"number": asked_for}))
    number = form.cleaned_data["number"]
    if request.method == "POST" and is_valid:
        return _ask(request, UNBLOCK, form, [number], Kind.UNBLOCK)
    if sent is None:
        form = AskUnblockForm(initial={"number": number})
    context = {"form": form, "number": number}
    context["known"] = _known([number], requests.open_about(number, by=request.user))
    status = 422 if request.method == "POST" else 200
    return render_page(request, UNBLOCK, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: PageRequest, request_id: int) -> HttpResponse:
    """One's own request. Opened without pressing, it leads to the queue."""
    if request.method != "POST":
        return redirect("requests")
    asked = request_or_404(request, request_id)
    if asked.user_id != request.user.pk:
        raise PermissionDenied
    try:
        requests.withdraw(asked, by=request.user)
    except Taken as error:
        return taken(request, error.asked)
    messages.success(request, _("Request no. %(id)s is withdrawn.") % {"id": asked.pk})
    return redirect("requests")


def _ask(
    request: PageRequest,
    template: str,
    form: AskForm | AskUnblockForm,
    numbers: Collection[str],
    kind: Kind,
    *,
    entry: ListEntry | None = None,
) -> HttpResponse:
    reason, once = form.cleaned_data["reason"], form.cleaned_data["once"]
    try:
        asked = requests.ask(numbers, entry, reason, form_token=once, by=request.user, kind=kind)
    except TooManyOpen:
        waits = _(
            "You already have %(most)s open requests. Wait for a manager to decide; this one was"
            " not sent."
        )
        form.add_error(None, waits % {"most": requests.MOST_OPEN})
        context = {"form": form, "number": form.cleaned_data.get("number")}
        return render_page(request, template, context, status=422)
    messages.success(request, _("Request no. %(id)s is sent to the managers.") % {"id": asked.pk})
    return redirect("requests")


def _known_of_unchecked(form: AskForm, by: Connection) -> list[Known]:
    """Of the numbers of which the person was not told yet. What this very form has asked for, pressed
    twice, does not count."""
    numbers = form.unchecked
    if not numbers:
        return []
    asked = requests.open_about(*numbers, by=by.user)
    others = [one for one in asked if one.form_token != form.cleaned_data["once"]]
    if len(others) < len(asked):
        return []
    return _known(numbers, others, standing_of(numbers, by=by))


def _check(request: PageRequest, by: Connection) -> HttpResponse:
    """While somebody types whole numbers: at once who has asked for them, from our own rows; and, where
    `check` is "lists", which lists block them. Numbers that were looked for are not looked for again."""
    form = NumbersForm(request.POST)
    form.is_valid()
    numbers = [n.stored for n in form.typed if not n.is_repeated and _is_whole(n.typed)]
    normal = dict.fromkeys(map(normalise, numbers))
    looks = request.POST["check"] == "lists"
    if normal and not looks and read_checked(request.POST.get("checked", "")) == normal.keys():
        return reswap(HttpResponse(), "none")
    asked = requests.open_about(*numbers, by=by.user) if numbers else []
    context: dict[str, Any] = {"numbers": numbers, "known": _known(numbers, asked)}
    context["looks_by_itself"] = len(numbers) <= MOST_LOOKED_FOR
    if looks and numbers:
        standing = standing_of(numbers, by=by)
        known = _known(numbers, asked, standing)
        context |= {"standing": standing, "known": known, "checked": ",".join(normal)}
    return render_page(request, BLOCK, context, piece="known")


def _is_whole(typed: str) -> bool:
    return kind_of(typed) is InputKind.NUMBER


def _known(
    numbers: Collection[str],
    asked: Collection[BlockRequest],
    standing: Standing = NOT_READ,
) -> list[Known]:
    """Only numbers of which something is known."""
    about = [(one, set(one.numbers.splitlines())) for one in asked]
    known = [
        Known(
            number,
            [one for one, its in about if normal in its],
            standing.lists.get(normal, []),
            standing.possible.get(normal, []),
        )
        for number, normal in zip(numbers, map(normalise, numbers), strict=True)
    ]
    return [one for one in known if one.asked or one.lists or one.possible]
