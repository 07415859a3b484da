from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "anlan.desk.audit"

    def ready(self):
        from anlan.desk.access.announcements import acted
        from anlan.desk.audit.recorder import record

        acted.connect(record, dispatch_uid="audit")
