"""The web process: uvicorn with the addresses and limits of this installation."""

import os

import uvicorn


def serve() -> None:
    """Answers HTTP until told to stop. Live streams are cut a second after that; browsers reconnect by themselves."""
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
