"""The shared pages, made from what capabilities declare: list, detail, form, search, export, saved views."""
