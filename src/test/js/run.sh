#!/usr/bin/env bash
# Runs these tests against the cluster of CONTINUO_URLS + CONTINUO_API_KEY, or of CONTINUO_CLUSTER (default: what
# bin/dev started). Ends with 77 where node or npm is missing. Arguments go to node --test.
set -euo pipefail
cd "$(dirname "$0")"
for tool in node npm; do
    command -v "$tool" >/dev/null || {
        echo "Skipped: these tests need $tool; install Node 20 or later." >&2
        exit 77
    }
done
target=../../../target/js
mkdir -p "$target"
cp -Rp ./*.js ./*.json .npmrc lib "$target/"
cd "$target"
if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    npm ci --loglevel=error >npm.log 2>&1 || {
        cat npm.log >&2
        exit 1
    }
    touch node_modules/.package-lock.json
fi
export CONTINUO_CLUSTER=${CONTINUO_CLUSTER:-$PWD/../dev/cluster.json}
exec node --test --test-concurrency=1 --test-reporter=spec "$@"
