# syntax=docker/dockerfile:1

# --- build: the WAR, the JDBC driver and the Liberty runtime, from a plain checkout ---
FROM docker.io/library/maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY pom.xml ./
COPY src/main src/main
COPY LICENSE ./
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -ntp -q -Dmaven.test.skip=true -Dspotless.check.skip=true package \
    && mkdir -p /out/server/apps /out/server/lib \
    && cp -r src/main/liberty/config/. /out/server/ \
    && cp target/continuo.war /out/server/apps/ \
    && cp target/liberty/lib/*.jar /out/server/lib/ \
    && cp -r .cache/wlp-*/wlp /out/wlp \
    && rm -rf /out/wlp/usr /out/wlp/templates

# --- run: a JRE, Liberty and one server; nothing below /opt is written to ---
FROM docker.io/library/eclipse-temurin:25-jre
LABEL org.opencontainers.image.title="Continuo" \
      org.opencontainers.image.description="AI chat turns that survive anything" \
      org.opencontainers.image.licenses="Apache-2.0"

RUN groupadd --system --gid 10001 continuo \
    && useradd --system --uid 10001 --gid 10001 --home-dir /opt/continuo --shell /usr/sbin/nologin continuo

COPY --from=build /out/wlp /opt/wlp
COPY --from=build /out/server /opt/continuo/servers/continuo

# A file in /run/secrets sets the property of its name, such as continuo.openai.api-key.
# Output (work area, logs) goes to /output: mount a tmpfs there and the root can be read-only.
RUN mkdir -p /output/continuo && chown -R 10001:10001 /output

ENV WLP_USER_DIR=/opt/continuo \
    WLP_OUTPUT_DIR=/output \
    LOG_DIR=/output/logs \
    WLP_SKIP_UMASK=true \
    CONTINUO_HTTP_HOST=* \
    CONTINUO_HTTP_PORT=9080 \
    CONTINUO_LOG_FORMAT=json \
    CONTINUO_WAR_EXPAND=false \
    VARIABLE_SOURCE_DIRS=/run/secrets

USER 10001:10001
VOLUME /output
EXPOSE 9080
STOPSIGNAL SIGTERM

HEALTHCHECK --interval=10s --timeout=4s --start-period=90s --retries=3 \
    CMD ["/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$CONTINUO_HTTP_PORT && printf 'GET /health/live HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '"]

# "run" replaces the shell by the JVM, so that SIGTERM reaches it.
ENTRYPOINT ["/opt/wlp/bin/server", "run", "continuo"]
