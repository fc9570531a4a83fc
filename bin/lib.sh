# Sourced by the scripts beside it: finds a JDK 25 and what else they need. Every failure is one sentence.

fail() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

note() {
    echo "· $*"
}

# 0 if $1 is the home of a JDK 25 or later.
is_jdk() {
    [ -x "$1/bin/javac" ] && [ "$("$1/bin/javac" -version 2>/dev/null | sed -E 's/^javac ([0-9]+).*/\1/')" -ge 25 ] 2>/dev/null
}

find_jdk() {
    local on_path home
    on_path=$(command -v javac || true)
    for home in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/* /opt/*jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home ${on_path:+"$(dirname "$(dirname "$(readlink -f "$on_path")")")"}; do
        if [ -n "$home" ] && is_jdk "$home"; then
            export JAVA_HOME=$home
            return
        fi
    done
    fail "JDK 25 is missing: install one (for example Eclipse Temurin 25) and point JAVA_HOME at it."
}

maven() {
    command -v mvn >/dev/null || fail "Maven is missing: install it (apt-get install maven)."
    MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED" \
        mvn -B -ntp "$@"
}

# install PACKAGE…: by apt-get, where that is possible.
install() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        note "Installing $*"
        { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@"; } \
            >target/install.log 2>&1 || return 1
    else
        return 1
    fi
}

has() {
    command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ] || [ -x "/usr/local/sbin/$1" ]
}

# The server's binary alone: a nats-server that the package started by itself would be in the way of nobody, but of no use.
need_nats() {
    has nats-server || install nats-server || fail "nats-server is missing: install it (apt-get install nats-server)$1."
}

# One number for everything the WAR and the scripts are made of.
sources() {
    { echo "$JAVA_HOME"; find pom.xml src/main/java src/main/resources src/main/webapp src/test/java -type f -printf '%p %s %T@\n' | sort; } | cksum
}

build_if_changed() {
    local now
    now=$(sources)
    if [ ! -f target/continuo.war ] || [ "$(cat target/dev-built 2>/dev/null)" != "$now" ]; then
        note "Building (the first time takes a while)"
        maven -q -DskipTests -Dspotless.check.skip=true package >target/dev-build.log 2>&1 || {
            tail -n 30 target/dev-build.log >&2
            fail "the build failed; all of it is in target/dev-build.log."
        }
        echo "$now" >target/dev-built
    fi
}

test_classpath() {
    echo "target/test-classes:target/classes:$(cat target/test.classpath)"
}
