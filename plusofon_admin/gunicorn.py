"""How gunicorn serves the dashboard: `gunicorn --config plusofon_admin/gunicorn.py`.

GUNICORN_CMD_ARGS overrides what stands here, WEB_CONCURRENCY sets the number of processes.
"""

from pathlib import Path

wsgi_app = "plusofon_admin.wsgi"

# A page waits for Plusofon most of its time, and threads wait cheaply: one process with many of
# them shares its connections, its cache and its bound on calls at once. More processes (WEB_CONCURRENCY)
# only help once one processor is busy.
worker_class = "gthread"
threads = 16

# Saving waits up to 30 s for another's lock and up to 30 s for its turn to call Plusofon, then it reads
# (15 s), writes (30 s) and reads back (15 s). Whoever stops or restarts the server gives it that time to
# end, or an outcome stays unknown.
timeout = graceful_timeout = 130
keepalive = 5

# Workers prove that they live by touching a file: on a busy disk that could block them.
if Path("/dev/shm").is_dir():  # noqa: S108
    worker_tmp_dir = "/dev/shm"  # noqa: S108

# A query string carries numbers and names, and so does the address of the page before (the
# referrer): the log has neither. Hence the path alone, and not gunicorn's usual "%(r)s".
accesslog = "-"
access_log_format = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(b)s %(M)sms'

# Whose X-Forwarded-* headers gunicorn believes. A proxy on another machine is named in
# FORWARDED_ALLOW_IPS, which gunicorn would read by itself if nothing stood here; Django has TRUST_PROXY.

# Nobody manages it through a socket in a home directory, which a container may not even have.
control_socket_disable = True
