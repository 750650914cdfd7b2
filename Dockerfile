FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
# `--build-arg REQUIREMENTS=requirements-oidc.txt` brings OpenID Connect along.
ARG REQUIREMENTS=requirements.txt
COPY ${REQUIREMENTS} /requirements.txt
RUN /venv/bin/pip install --require-hashes -r /requirements.txt
WORKDIR /app
COPY manage.py ./
COPY plusofon_admin plusofon_admin
COPY lists lists
COPY templates templates
COPY static static
COPY docs/limits*.md docs/
# Names with hashes are made once, here; the secrets of this step stay in it.
RUN SECRET_KEY=build CREDENTIAL_KEYS=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE= \
    /venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && /venv/bin/python -m compileall -q lists plusofon_admin

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --home-dir /app plusofon
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
# The SQLite database, where no DATABASE_URL names another one.
RUN install -d -m 700 -o plusofon -g plusofon var
VOLUME /app/var
USER 10001
EXPOSE 8000
# It has to ask for the dashboard by a name that ALLOWED_HOSTS lists.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", "\
import os, urllib.request; \
host = os.environ.get('ALLOWED_HOSTS', '').split(',')[0].strip().lstrip('.*') or 'localhost'; \
urllib.request.urlopen(urllib.request.Request( \
    'http://127.0.0.1:8000/healthz', headers={'Host': host}), timeout=4)"]
# `docker run … python manage.py migrate` comes first, once a release. The longest save takes 130 s: it is
# stopped with `docker stop --time 135`.
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0"]
