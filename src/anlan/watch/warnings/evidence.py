"""Who may see a patrol or a report may read its files."""

from anlan.desk.documents.gates import Reader
from anlan.watch.warnings import gates

READERS = [
    Reader(
        lambda user, document: (
            gates.reports_seen_by(user).filter(document=document).exists()
            or gates.patrols_seen_by(user).filter(documents=document).exists()
        )
    )
]
