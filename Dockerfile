# One image for web, workers, scheduler and migrations; with LOCK=tools/lock/operations.txt also for Flower.
FROM python:3.11-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/opt/portal/bin:$PATH
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*

FROM base AS build
ARG LOCK=tools/lock/production.txt
WORKDIR /srv/portal
COPY tools/lock tools/lock
RUN python -m venv /opt/portal && pip install --no-cache-dir --require-hashes --compile -r "$LOCK"
COPY . .
# The values below only let the settings load; nothing of them is kept in the image.
RUN for catalogue in locale/*/LC_MESSAGES/*.po; do \
        [ ! -e "$catalogue" ] || pybabel -q compile -i "$catalogue" -o "${catalogue%.po}.mo" || exit 1; \
    done \
    && PORTAL_ENV=demo SECRET_KEY=build DATABASE_URL=postgresql://build/build REDIS_URL=redis://build \
       PORTAL_SEALING_KEYS=build:build PORTAL_INDEX_KEY=build COUNTERPART_SECRET=build \
       STATIC_ROOT=/srv/static python manage.py collectstatic --no-input

FROM base
RUN useradd --system --uid 10001 --create-home portal
COPY --from=build /opt/portal /opt/portal
COPY --from=build /srv /srv
WORKDIR /srv/portal
ENV STATIC_ROOT=/srv/static
USER portal
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--no-ws", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "portal.config.wsgi:application"]
