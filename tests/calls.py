"""The calls that the stand-in was made, in their order (since the last `clear_calls`)."""


def methods(sandbox):
    return [call.method for call in sandbox.calls]


def writes(sandbox):
    """What may have changed something: method and path."""
    return [(call.method, call.path) for call in sandbox.calls if call.method != "GET"]
