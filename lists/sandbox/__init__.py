"""A stand-in for Plusofon's API: the six contact-list methods and `authuser`, faults included.

    sandbox = Sandbox()                             # a WSGI app, with nothing in it
    account = sandbox.add_account(token="t")
    sandbox.add_list(account, name="Spam")
    sandbox.fail("cut-after", method="PUT")         # applied, and the answer is lost
    with serve(sandbox) as server:
        httpx.get(f"{server.url}/api/v1/contact-lists", …)

app           Sandbox: what tests set up, break and look at
settings      how the stand-in behaves; every attribute may be set at any time
accounts      owners, their tokens and their lists
endpoints     one request in, one answer out, as the vendor's page and Laravel would have it
validation    the 422s
quirks        what a service may make of what it was sent
answers       bodies: PHP's JSON, Laravel's errors, nginx's pages
faults        the kinds of failure, and which calls they hit
server        real HTTP, so that connections can break
command_line  "PUT 500*3" and "50ms"
demo, people  the data of `Sandbox.seeded()`
"""

from .app import Call, Sandbox
from .demo import DEMO_TOKENS
from .faults import KINDS, CutConnection
from .server import Server, serve

__all__ = ["DEMO_TOKENS", "KINDS", "Call", "CutConnection", "Sandbox", "Server", "serve"]
