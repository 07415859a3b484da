"""What a process and its children occupy, each shared page counted once among those who share it (PSS)."""

import psutil


def megabytes(pid: int | None) -> float:
    """The memory of one process, in MB of a million bytes; 0 when it is gone. Where the system does not tell the
    proportional size, the resident size is taken."""
    if not pid:
        return 0.0
    try:
        process = psutil.Process(pid)
        try:
            full = process.memory_full_info()
            return (getattr(full, "pss", 0) or full.uss) / 1e6
        except psutil.AccessDenied:
            return process.memory_info().rss / 1e6
    except psutil.NoSuchProcess:
        return 0.0
