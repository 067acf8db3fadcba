"""Development and demonstration: one machine, plain http on the loopback address."""

from .base import *  # noqa: F403
from .base import ENV, PORTAL_CREDENTIAL_KEY_FILE, PORTAL_SIGNING_FILE, PORTAL_SIGNING_MODULE

DEBUG = False
SECRET_KEY = ENV.secret_key or "for-development-and-demonstration-only-never-used-in-production-7f1c"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *ENV.allowed_hosts]
# Files are served from their folders: nothing to collect, and a changed stylesheet shows at once.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# Nothing is sent; what would have been stands on accounts:sent-mail.
EMAIL_BACKEND = "appraisal_portal.accounts.mail.StoredMailBackend"
PORTAL_SMS_SENDER = "appraisal_portal.accounts.sms.keep_only"
PORTAL_SHOW_SENT_MAIL = True
# Certificates are signed with a key of the demonstration's own, made at the first signature.
if not (PORTAL_SIGNING_FILE or PORTAL_SIGNING_MODULE):
    PORTAL_SIGNING_FILE = str(ENV.data_dir / "signing" / "demonstration.p12")
    PORTAL_SIGNING_PASSPHRASE = "demonstration"  # noqa: S105  (guards nothing)
    PORTAL_SIGNING_DEMONSTRATION = True
if not PORTAL_CREDENTIAL_KEY_FILE:
    PORTAL_CREDENTIAL_KEY_FILE = str(ENV.data_dir / "signing" / "demonstration-credentials.pem")
    PORTAL_CREDENTIAL_PASSPHRASE = ""
    PORTAL_CREDENTIAL_DEMONSTRATION = True
