"""The web process: uvicorn with the addresses and limits of this installation."""

import os
import sys
import warnings

import uvicorn

from anlan.site.environment import MISCONFIGURED


def serve() -> int:
    """Answers HTTP until told to stop. Live streams are cut a second after that; browsers reconnect by themselves."""
    if wrong := _faults():
        print(wrong, file=sys.stderr)
        return MISCONFIGURED
    # WhiteNoise gives out files, the exports rows, from ordinary iterators. Under ASGI Django reads these to the end
    # before it sends; the pieces are small enough, and saying so at each start helps nobody.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
    uvicorn.run(
        "anlan.site.asgi:application",
        host=os.environ.get("ANLAN_WEB_HOST") or "127.0.0.1",
        port=int(os.environ.get("ANLAN_WEB_PORT") or 8000),
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        # Whose X-Forwarded-* headers are believed: the reverse proxy's.
        forwarded_allow_ips=os.environ.get("ANLAN_PROXIES") or "127.0.0.1",
        timeout_graceful_shutdown=1,
    )
    return 0


def _faults() -> str:
    """Errors of the configuration, each with its hint; nothing when it can be served."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
    import django
    from django.core import checks

    django.setup()
    found = checks.run_checks()
    return "\n".join(str(one) for one in found if one.is_serious() and not one.is_silenced())
