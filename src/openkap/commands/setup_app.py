"""An authenticator app shown at a terminal: as a picture to read, and as text to type.

Decided here: the key that waits to be proved lies in a file only this account may read, so that a run that
was broken off shows the same picture again; it is gone once a code has proved it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import qrcode
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings

from openkap.commands.setup_keys import write_secret

if TYPE_CHECKING:
    from openkap.records.models import Person


def show_app(pending: Path, person: Person) -> str:
    """Print it; returns its key."""
    write_secret(pending, generate_totp_secret())
    secret = pending.read_text().strip()
    issuer = settings.MFA_TOTP_ISSUER
    query = urlencode({"secret": secret, "issuer": issuer})
    picture = qrcode.QRCode(border=2, error_correction=qrcode.constants.ERROR_CORRECT_L)
    picture.add_data(f"otpauth://totp/{quote(issuer)}:{quote(person.email)}?{query}")
    print("  Let an authenticator app read this picture, or type the key below it into the app.")
    picture.print_ascii(out=sys.stdout, invert=True)
    print(f"  Key: {' '.join(secret[n : n + 4] for n in range(0, len(secret), 4))}")
    return secret
