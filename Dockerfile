# One image, one program: docker run marquee serve | api | worker | scheduler | migrate
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore \
    MARQUEE_DATA_DIR=/data \
    MARQUEE_LOG_FORMAT=json

RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin marquee \
    && install --directory --owner=marquee --group=marquee --mode=0750 /data

WORKDIR /app

# Requirements change seldom: a layer of their own.
COPY requirements.lock ./
RUN pip install --require-hashes --no-deps -r requirements.lock

COPY pyproject.toml README.md ./
COPY alembic ./alembic
COPY domain ./domain
COPY workers ./workers
COPY api ./api
RUN pip install --no-build-isolation --no-deps --no-index -e . && python -m compileall -q api domain workers

USER marquee
VOLUME /data
EXPOSE 8686

HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8686/readyz', timeout=4)"]

ENTRYPOINT ["marquee"]
CMD ["serve"]
