"""What was typed, kept: the fields of a POST that could not be saved, ready to be offered again.

Decided here: everything a person typed comes back, in order, save what proves who they are (passwords, PINs,
codes, tokens), which is never written into a page. By authority of the design document, section 5: an error
says what is safe before it says what to do, and nothing typed is lost.
"""

from __future__ import annotations

from django.http import HttpRequest

#: Words that, in a field's name, mean that it proves identity ("new_password2"). "code" only by itself: a
#: diagnosis code is something a person typed, and is kept.
SECRETS = frozenset(
    {"csrfmiddlewaretoken", "password", "passphrase", "pin", "otp", "totp", "secret", "token", "credential"}
)


def kept_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """The (name, value) pairs of the request's form, in the order sent, without its secrets."""
    if request.method != "POST":
        return []
    return [
        (name, value)
        for name, values in request.POST.lists()
        if not _is_secret(name)
        for value in values
    ]


def lost_files(request: HttpRequest) -> bool:
    """Whether files were chosen: a page cannot offer those again."""
    return request.method == "POST" and bool(request.FILES)


def _is_secret(name: str) -> bool:
    words = {word.rstrip("0123456789") for word in name.lower().replace("-", "_").split("_")}
    return name.lower() == "code" or bool(words & SECRETS)
