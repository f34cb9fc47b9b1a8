"""Prints the SHA-256 and the path of every file in an archive, sorted by path, as sha256sum does."""

import hashlib
import sys
import tarfile

with tarfile.open(sys.argv[1]) as archive:
    lines = []
    for member in archive:
        if member.isfile():
            digest = hashlib.file_digest(archive.extractfile(member), "sha256").hexdigest()
            lines.append((member.name.removeprefix("./"), digest))
for path, digest in sorted(lines):
    print(f"{digest}  {path}")
