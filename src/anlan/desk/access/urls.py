from django.urls import path

from anlan.desk.access.views import account, administration, entry

urlpatterns = [
    path("sign-in/", entry.sign_in_page, name="sign-in"),
    path("sign-in/code/", entry.code_page, name="sign-in.code"),
    path("sign-out/", entry.sign_out, name="sign-out"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="account.password"),
    path("account/second-factor/", account.enrol, name="account.second-factor"),
    path("account/recovery-codes/", account.recovery_codes, name="account.recovery-codes"),
    path("account/sessions/<int:pk>/end/", account.end_session, name="account.session-end"),
    path("account/language/", account.language, name="account.language"),
    path("accounts/<int:pk>/lock/", administration.lock, name="accounts.lock"),
    path("accounts/<int:pk>/unlock/", administration.unlock, name="accounts.unlock"),
    path("accounts/<int:pk>/reset-password/", administration.reset_password, name="accounts.reset-password"),
    path(
        "accounts/<int:pk>/reset-second-factor/",
        administration.reset_second_factor,
        name="accounts.reset-second-factor",
    ),
]
