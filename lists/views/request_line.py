"""A request as its pages show it."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse

from ..access import PageRequest
from ..models import BlockRequest
from ..services import requests
from .page import render_page

MOST_NUMBERS = 5  # of a request, that a page shows


@dataclass(frozen=True, slots=True)
class Line:
    """`is_news`: its decision, to who asked and has not seen it yet; `is_mine`: asked for by who looks; `own`: the
    number whose page shows it, which comes first."""

    asked: BlockRequest
    is_news: bool = False
    is_mine: bool = False
    own: str = ""

    @property
    def numbers(self) -> list[str]:
        return self._own_first(self.asked.numbers)

    @property
    def more(self) -> int:
        return len(self.numbers) - MOST_NUMBERS

    @property
    def is_claimed(self) -> bool:
        return requests.is_claimed(self.asked)

    @property
    def may_be_withdrawn(self) -> bool:
        return self.is_mine and not self.is_claimed

    @property
    def left_out(self) -> list[str]:
        return self._own_first(self.asked.left_out)

    def _own_first(self, numbers: str) -> list[str]:
        return sorted(numbers.splitlines(), key=lambda number: number != self.own)


def line_of(
    request: PageRequest, asked: BlockRequest, *, is_news: bool = False, own: str = ""
) -> Line:
    return Line(asked, is_news, is_mine=asked.user_id == request.user.pk, own=own)


def request_or_404(request: PageRequest, request_id: int) -> BlockRequest:
    asked = requests.request_of(request_id, by=request.user)
    if asked is None:
        raise Http404
    return asked


def taken(request: PageRequest, asked: BlockRequest) -> HttpResponse:
    """Somebody else has decided it, or is about to."""
    context = {"line": line_of(request, asked)}
    return render_page(request, "request_taken.html", context, status=409)
