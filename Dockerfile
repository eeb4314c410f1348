# syntax=docker/dockerfile:1
#
# docker build -t runnel .
# docker run -p 127.0.0.1:8090:8090 -v runnel-data:/var/lib/runnel -v runnel-functions:/pb/functions runnel
#
# Stopping needs longer than Docker's 10 s when runs get their full grace period: docker stop -t 30.
# .ci/replay-dockerfile replays this file without Docker; it knows the instructions used here.

FROM debian:trixie-slim AS build

# binutils: jlink strips native symbols with its objcopy.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        binutils ca-certificates maven openjdk-25-jdk-headless \
    && rm -rf /var/lib/apt/lists/*

# What jdeps finds in the jar, less java.desktop (only ever asked for optionally), and what is loaded
# by name: jdk.management for memory and CPU figures, jdk.zipfs for reading resources out of the jar.
RUN jlink --strip-debug --no-header-files --no-man-pages --compress zip-6 --output /opt/jre \
        --add-modules java.base,java.compiler,java.logging,java.management,java.naming,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.jfr,jdk.management,jdk.unsupported,jdk.zipfs

WORKDIR /build
COPY pom.xml ./
COPY src src
RUN --mount=type=cache,target=/root/.m2 mvn -B -q -Dmaven.test.skip=true package


FROM debian:trixie-slim

LABEL org.opencontainers.image.title="Runnel" \
      org.opencontainers.image.description="Stores scripts, runs them, and never loses track of a run" \
      org.opencontainers.image.licenses="Apache-2.0"

RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        bash bubblewrap ca-certificates curl nodejs procps python3 python3-venv tini util-linux \
    && rm -rf /var/lib/apt/lists/*

ARG UV_VERSION=0.13.9
RUN python3 -m venv /opt/uv \
    && /opt/uv/bin/pip install --no-cache-dir "uv==$UV_VERSION" \
    && ln -s /opt/uv/bin/uv /opt/uv/bin/uvx /usr/local/bin/

# A volume that is empty at first takes owner and mode from here.
RUN useradd --uid 10001 --user-group --create-home --shell /bin/bash runnel \
    && install -d -o runnel -g runnel /pb /pb/functions \
    && install -d -o runnel -g runnel -m 0711 /var/lib/runnel

# conf/runnel.yaml is read below this directory.
WORKDIR /opt/runnel
COPY --from=build /opt/jre jre
COPY --from=build /build/target/runnel.jar ./
COPY --chmod=0755 src/main/launcher/runnel ./
COPY LICENSE ./
COPY --chown=runnel:runnel functions /pb/functions
RUN ln -s /opt/runnel/runnel /usr/local/bin/runnel

ENV LANG=C.UTF-8 \
    EXECUTE_PATH=/pb/functions \
    RUNNEL_DATA_DIR=/var/lib/runnel \
    RUNNEL_HTTP_HOST=0.0.0.0 \
    RUNNEL_HTTP_PORT=8090

# Starts the service once, as its later user; AOT_CACHE=no leaves it out, for builds under emulation.
ARG AOT_CACHE=yes
RUN if [ "$AOT_CACHE" = yes ]; then \
        setpriv --reuid=runnel --regid=runnel --init-groups \
            env HOME=/home/runnel runnel --make-aot-cache /tmp/runnel.aot \
        && install -m 0644 /tmp/runnel.aot /opt/runnel/runnel.aot \
        && rm -f /tmp/runnel.aot; \
    fi

USER runnel
VOLUME ["/pb/functions", "/var/lib/runnel"]
EXPOSE 8090
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD curl -fsS -o /dev/null "http://127.0.0.1:$RUNNEL_HTTP_PORT/api/health/live"
ENTRYPOINT ["tini", "--", "runnel"]
CMD ["serve"]
