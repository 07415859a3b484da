"""Side by side with other programs on the same work in the same run: `python -m benchmarks peers`.

Three parts, each a process of its own so that none inherits the other's database: rules (Prometheus, vmalert), flips
(Prometheus with Alertmanager) and alarms (Alerta). `python -m benchmarks.peers.rules` runs one alone, in less than five
minutes. A peer that is not on the PATH is named and left out. Debian's packages prometheus, prometheus-alertmanager
and victoria-metrics hold the first three; Alerta is alerta-server of PyPI in an environment of its own, with a
PostgreSQL driver and gunicorn, its bin folder at the end of the PATH.
"""

import subprocess
import sys

PARTS = ("rules", "flips", "alarms")


def main() -> None:
    for part in PARTS:
        print(f"-- {part}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.peers.{part}"], check=True)
