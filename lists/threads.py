"""Threads that work for a request: what they log, call and send is the request's own."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class RequestThreads(ThreadPoolExecutor):
    """A pool whose threads work in copies of the context of whoever hands them work."""

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        return super().submit(copy_context().run, partial(fn, *args, **kwargs))
