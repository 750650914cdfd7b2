"""Numbers for Prometheus, for who shows the token."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ..services import monitoring
from .bearer import is_monitoring


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """404 while they are off, 401 without the token."""
    if not settings.METRICS:
        raise Http404
    if not is_monitoring(request):
        headers = {"WWW-Authenticate": "Bearer"}
        return HttpResponse("token", status=401, content_type="text/plain", headers=headers)
    from prometheus_client import CONTENT_TYPE_LATEST  # not even imported where it is off

    from ..telemetry.metrics import exposition

    body = exposition(version=settings.VERSION, read=monitoring.counts)
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)
