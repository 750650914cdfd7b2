"""Trouble with our own database, as its drivers report it."""

import re
from contextlib import contextmanager

import psycopg
from django.db import OperationalError, connection, transaction


def caused_by(cause, kind=OperationalError):
    """The error that Django makes of the driver's."""
    error = kind("79998887766")
    error.__cause__ = cause
    return error


def dropped():
    return caused_by(psycopg.errors.AdminShutdown())


@contextmanager
def failing(sql, error=None, *, times=None, when=lambda: True):
    """Every statement in which this stands fails, or the first so many; those that it stands in."""
    met = []

    def execute(execute, statement, params, many, context):
        if re.search(sql, statement) and when():
            met.append(statement)
            if times is None or len(met) <= times:
                raise error or OperationalError("disk full")
        return execute(statement, params, many, context)

    with connection.execute_wrapper(execute):
        yield met
    if connection.in_atomic_block:  # the test's own goes on
        transaction.set_rollback(False)


@contextmanager
def just_before(sql, act):
    """Before the first statement in which this stands somebody does that."""
    waiting = [act]

    def execute(execute, statement, params, many, context):
        if waiting and re.search(sql, statement):
            waiting.pop()()
        return execute(statement, params, many, context)

    with connection.execute_wrapper(execute):
        yield
    assert not waiting, f"no statement has {sql}"


def losing_the_answer(monkeypatch, owner, name, *, before=False):
    """The first call of that is carried out (or not even that), and then the connection is dropped."""
    real, calls = getattr(owner, name), []

    def lost(*args, **kwargs):
        calls.append(args)
        if len(calls) > 1:
            return real(*args, **kwargs)
        if not before:
            real(*args, **kwargs)
        raise dropped()

    monkeypatch.setattr(owner, name, lost)
    return calls


@contextmanager
def losing_a_commit(monkeypatch):
    """The next transaction is committed, and the answer to that lost. Yields what has been lost."""
    real, depth, lost = transaction.atomic, [0], []

    @contextmanager
    def atomic(*args, **kwargs):
        depth[0] += 1
        try:
            with real(*args, **kwargs):
                yield
        finally:
            depth[0] -= 1
        if not depth[0] and not lost:
            lost.append("commit")
            raise dropped()

    with monkeypatch.context() as patched:
        patched.setattr(transaction, "atomic", atomic)
        yield lost
