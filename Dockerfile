# The service: API, worker or both. Postgres and Valkey are other containers (deploy/compose.yaml).
#   docker build -t broadsheet . && docker run --env-file service.env -p 8000:8000 broadsheet
# Debian, not Alpine: several dependencies have no wheels for musl.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements.lock /tmp/
RUN /venv/bin/pip install --require-hashes --only-binary=:all: -r /tmp/requirements.lock \
 && /venv/bin/pip uninstall --yes pip
COPY service /app/service
RUN /venv/bin/python -m compileall -q -j 0 /app/service

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin broadsheet
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 BROADSHEET_HOST=0.0.0.0 PORT=8000
USER 10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# Of the API; a worker alone is started with its own check, or --no-healthcheck.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["python", "-m", "service", "health"]
ENTRYPOINT ["python", "-m", "service"]
CMD ["api", "--worker"]
