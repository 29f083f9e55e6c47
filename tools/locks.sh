#!/bin/sh
# Resolve requirements/*.in into locks with hashes and without addresses. UV=/path/to/uv names the resolver;
# `make locks` passes what is set. Pins already in a lock stay as long as they fit; UPGRADE=1 takes the newest.
set -eu
cd "$(dirname "$0")/.."

uv="${UV:-uv}"
command -v "$uv" >/dev/null || {
    echo "uv is needed to resolve the locks: pip install uv, or UV=/path/to/uv make locks" >&2
    exit 1
}

for name in run dev engines peers data; do
    # Of packages that are taken for the data in them, what they would need to run is not.
    [ "$name" = data ] && alone=--no-deps || alone=
    echo "requirements/$name.lock"
    "$uv" pip compile "requirements/$name.in" --output-file "requirements/$name.lock" \
        --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
        --no-emit-package kohorte --no-emit-package stammkunde ${UPGRADE:+--upgrade} $alone
done

if grep -nE '://|file:|^-|^ *(\.|/)' requirements/*.lock; then
    echo "A lock records an address; see above." >&2
    exit 1
fi
