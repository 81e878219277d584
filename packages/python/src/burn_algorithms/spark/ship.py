"""Sends the library to the workers of a session."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
from typing import Any, Optional

from ..model import Model

# Workers fetch a file when they need it first, so it has to stay as long as the driver runs.
_folder: Optional[str] = None
# What has been sent: the identity of a session or application, and the file.
_sent: set[tuple[str, str]] = set()


def ship(session: Any, model: Model) -> str:
    """Sends the library of ``model``, once for each session, and returns its name among the session's files."""
    # The digest is in the name: Spark refuses two files of the same name.
    stem = re.sub(r"[^A-Za-z0-9_-]", "_", model.name) or "model"
    name = f"{stem}-{model.sha256[:16]}.lib.wasm"
    connect = type(session).__module__.startswith("pyspark.sql.connect")
    owner = session.session_id if connect else session.sparkContext.applicationId
    if (owner, name) in _sent:
        return name
    path = _write(name, model.content)
    if connect:
        session.addArtifact(path, file=True)
    else:
        session.sparkContext.addFile(path)
    _sent.add((owner, name))
    return name


def _write(name: str, content: bytes) -> str:
    global _folder
    if _folder is None:
        _folder = tempfile.mkdtemp(prefix="burn-algorithms-")
        atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    path = os.path.join(_folder, name)
    with open(path, "wb") as file:
        file.write(content)
    return path
