"""The month of work that the demo begins with, so that a newcomer sees the dashboard in use.

story    who does what, in its order
person   what somebody can do, through the services that the pages use
times    when: the working hours of the last thirty days
lived    all of it, done as the demo starts and moved back to its time; and what is left to be found

Nothing is forged but the times: every line of the journal is true of the lists, and can be undone. The image
leaves all of it out, as it does the stand-in.
"""

from .lived import live

__all__ = ["live"]
