# assetlib as an image: one for web server, worker and commands. `docker build -t assetlib .`

# Styles, scripts, fonts and icons.
FROM node:22-bookworm-slim AS frontend
WORKDIR /source
COPY frontend/package.json frontend/package-lock.json frontend/
COPY scripts/build scripts/build
RUN cd frontend && npm ci --ignore-scripts --no-audit --no-fund --silent && touch node_modules/.whole
COPY frontend frontend
COPY templates templates
RUN scripts/build

# The libraries from the lock, and the wheel.
FROM python:3.11-slim-bookworm AS built
WORKDIR /source
RUN python -m venv /opt/assetlib
COPY requirements requirements
RUN /opt/assetlib/bin/pip install --no-cache-dir --no-input --require-hashes -r requirements/run.txt \
 && python -m pip install --no-cache-dir --no-input --require-hashes -r requirements/build.txt
COPY pyproject.toml setup.py README.md LICENSE ./
COPY assetlib assetlib
COPY templates templates
COPY migrations migrations
COPY --from=frontend /source/static static
RUN python -m pip wheel --no-deps --no-build-isolation --no-index -w /wheel . \
 && /opt/assetlib/bin/pip install --no-deps --no-index /wheel/*.whl \
 && /opt/assetlib/bin/python -m compileall -qq /opt/assetlib/lib

FROM python:3.11-slim-bookworm
# pg_dump and pg_restore for backups; fonts for words in SVG. OFFICE=yes adds the previews of Office files.
ARG OFFICE=no
RUN apt-get update \
 && apt-get install -y --no-install-recommends postgresql-client fonts-dejavu-core fonts-noto-core \
 && if [ "$OFFICE" = yes ]; then \
      apt-get install -y --no-install-recommends libreoffice-writer libreoffice-impress libreoffice-calc; fi \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /var/lib/assetlib --create-home assetlib
COPY --from=built /opt/assetlib /opt/assetlib
ENV PATH=/opt/assetlib/bin:$PATH ASSETLIB_HOME=/var/lib/assetlib PYTHONDONTWRITEBYTECODE=1
USER assetlib
VOLUME /var/lib/assetlib
EXPOSE 8000
ENTRYPOINT ["assetlib"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD \
 ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
