"""Pack the site for a stick: ``python -m book.tools.archive SITE FILE``.

In the file are the site, a program that serves it and opens a browser, and a starter for each
system. Python has to be there, and nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

__all__ = ["NAME", "pack", "write_zip"]

NAME = "frequency-principle"
# Every file has this date: the same content makes the same archive.
WHEN = (2026, 1, 1, 0, 0, 0)
START = """\
import functools
import http.server
import pathlib
import webbrowser

site = pathlib.Path(__file__).with_name("site")
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=site)
with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
    address = f"http://127.0.0.1:{server.server_port}"
    print(f"The book is at {address} until this window is closed.", flush=True)
    webbrowser.open(address)
    server.serve_forever()
"""
STARTERS = {
    "start.py": START,
    "start-linux.sh": '#!/bin/sh\ncd "$(dirname "$0")" && exec python3 start.py\n',
    "start-macos.command": '#!/bin/sh\ncd "$(dirname "$0")" && exec python3 start.py\n',
    "start-windows.bat": '@cd /d "%~dp0"\r\n@py start.py\r\n',
    "README.txt": "Unpack this folder. Double-click the starter for your system. It needs Python 3,"
    " which is\nfree at python.org and comes with Linux.\n",
}


def write_zip(path: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files by their names into an archive; those that are started may be executed."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = ZipInfo(f"{NAME}/{name}", WHEN)
            started = name.endswith((".sh", ".command"))
            entry.external_attr = (0o755 if started else 0o644) << 16
            archive.writestr(entry, content, ZIP_DEFLATED)


def pack(site: Path, path: Path) -> None:
    """Write the archive of a built site."""
    pages = (file for file in sorted(site.rglob("*")) if file.is_file())
    named = {f"site/{file.relative_to(site).as_posix()}": file.read_bytes() for file in pages}
    write_zip(path, {**STARTERS, **named})


if __name__ == "__main__":
    pack(Path(sys.argv[1]), Path(sys.argv[2]))
