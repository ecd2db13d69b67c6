#!/usr/bin/env bash
# Installs the age plugins that tests talk with into build/age-plugins; what is there is kept.
set -euo pipefail
cd "$(dirname "$0")/../.."

pq=1.3.2
unencrypted=0.7.0
folder="$PWD/build/age-plugins/pq-$pq-unencrypted-$unencrypted"
mkdir -p "$folder"

if [ ! -x "$folder/age-plugin-pq" ]; then
  GOBIN="$folder" go install "filippo.io/age/extra/age-plugin-pq@v$pq"
fi
if [ ! -x "$folder/age-plugin-unencrypted" ]; then
  work="$(mktemp -d)"
  trap 'rm -rf "$work"' EXIT
  cargo install --quiet --locked --root "$work" --version "$unencrypted" --example age-plugin-unencrypted age-plugin
  mv "$work/bin/age-plugin-unencrypted" "$folder/"
fi
