"""How people sign in: the settings of django-allauth, read by console.settings."""

from typing import Any
from urllib.parse import urlsplit

from console import env

# -- accounts ---------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "console.accounts.holders.StandingTokens",
]
ACCOUNT_ADAPTER = "console.accounts.adapter.People"
ACCOUNT_FORMS = {
    "signup": "console.accounts.signup.SignUp",
    "confirm_email_verification_code": "console.accounts.signup.Prove",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# One address for each person; a new one takes its place when it is proved.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# A code can only be typed where it was asked for: whoever follows a stranger's link proves nothing for the stranger.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Of who changes it; who signs up goes on to where they were.
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = "/account/address"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# By address, and by account whatever the address; both kept in the database (console.accounts.recent).
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    # A password is an account's, unless the browser is known (console.accounts.familiar); codes are a person's.
    "login_failed": "10/m/ip,5/5m/key,40/d/key",
    "signup": "20/m/ip",
    # Both send mail to whatever address is typed.
    "reset_password": "20/m/ip,3/5m/key",
    "confirm_email": "1/10s/key,10/h/key",
    # Teams for people without an account.
    "guest": "20/h/ip",
    # Tokens that open the editor.
    "token": "60/m/ip",
    # Runs of the landing page's code.
    "showcase": "30/m/ip",
}
# Of a link to set a new password. It leads in, so that nobody can be locked out by those who guess.
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
SIGNUP = env.choice("WEBTASKS_SIGNUP", "open", ("open", "invited", "closed"))

# How many guests there may be at once. Where not everybody may make an account, nobody is let in without one.
GUESTS = env.whole("WEBTASKS_GUESTS", 100 if SIGNUP == "open" else 0, low=0, high=1_000_000)

# -- passkeys and second factors --------------------------------------------------------------------------------

MFA_ADAPTER = "console.accounts.factors.Factors"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_TOTP_ISSUER = "Webtasks"
# The code before and the one to come are taken too: clocks differ, and typing takes time.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "console.accounts.onetime.Authenticate",
    "reauthenticate": "console.accounts.onetime.Reauthenticate",
    "activate_totp": "console.accounts.onetime.Activate",
    "add_webauthn": "console.accounts.passkeys.Add",
    "edit_webauthn": "console.accounts.passkeys.Rename",
    "signup_webauthn": "console.accounts.passkeys.SignUp",
    "login_webauthn": "console.accounts.passkeys.SignIn",
    "authenticate_webauthn": "console.accounts.passkeys.Authenticate",
    "reauthenticate_webauthn": "console.accounts.passkeys.Reauthenticate",
}
MFA_RECOVERY_CODES_SHOW_ONCE = True

# -- providers: others who know people ---------------------------------------------------------------------------

SOCIALACCOUNT_ADAPTER = "console.accounts.providers.Providers"
SOCIALACCOUNT_FORMS = {"disconnect": "console.accounts.providers.Disconnect"}
# Where a provider's word is enough (WEBTASKS_OIDC_TRUSTED), it stays connected.
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False


def _provider(kind: str, keys: list[str], **more: Any) -> dict[str, Any]:
    apps = [{"client_id": keys[0], "secret": keys[1], **more}] if keys else []
    return {"provider_class": f"console.accounts.providers.{kind}", "APPS": apps}


def _openid() -> dict[str, Any]:
    keys = env.together("WEBTASKS_OIDC_CLIENT_ID", "WEBTASKS_OIDC_CLIENT_SECRET", "WEBTASKS_OIDC_URL")
    url = env.issuer("WEBTASKS_OIDC_URL", keys[2]) if keys else ""
    name = env.text("WEBTASKS_OIDC_NAME", urlsplit(url).hostname or "")[:40]
    trusted = env.flag("WEBTASKS_OIDC_TRUSTED", default=False)
    settings = {"server_url": url, "email_authentication": trusted}
    return _provider("OpenID", keys if url else [], provider_id="oidc", name=name, settings=settings)


SOCIALACCOUNT_PROVIDERS = {
    "github": _provider("GitHub", env.together("WEBTASKS_GITHUB_CLIENT_ID", "WEBTASKS_GITHUB_CLIENT_SECRET")),
    "google": _provider("Google", env.together("WEBTASKS_GOOGLE_CLIENT_ID", "WEBTASKS_GOOGLE_CLIENT_SECRET")),
    "openid_connect": _openid(),
}

# -- what is remembered, and mail -------------------------------------------------------------------------------

CACHES: dict[str, dict[str, Any]] = {"default": {"BACKEND": "console.accounts.recent.Recent"}}
# Cookies of other names would be handed to webtasks.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

EMAIL_BACKEND = "console.accounts.mail.Queued"
SMTP = env.smtp("WEBTASKS_SMTP_URL")
EMAIL_TIMEOUT = 20
MAIL_FROM = env.text("WEBTASKS_MAIL_FROM")
