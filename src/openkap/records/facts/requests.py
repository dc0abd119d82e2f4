"""Whom a request for an evaluation may be about, among those who already have a file here.

Decided here: the same rule for the page that asks and the step that insists, so that neither misses whom the
other found. Nobody is merged: a person says yes or no.
"""

from __future__ import annotations

from openkap.records.models import EvaluationRequest, PatientFile
from openkap.records.names import word_of
from openkap.records.people import name_key


def likely_files(request: EvaluationRequest) -> list[PatientFile]:
    """Files of the practice that was asked that may be this person's. One query.

    The birth date and a word of the name; or the whole name, where a birth date is missing on either side.
    """
    words = _name_words(request.name)
    files = PatientFile.objects.filter(organisation_id=request.organisation_id).select_related("patient")
    if request.born_on is None:
        near = files.filter(patient__words__word__word=word_of(request.family_name))
    else:
        near = files.filter(patient__born_on=request.born_on) | files.filter(patient__born_on=None)
    found = []
    for file in near:
        known = _name_words(f"{file.patient.legal_name} {file.patient.chosen_name}")
        dated = request.born_on is not None and file.patient.born_on == request.born_on
        if words & known if dated else words <= known or known <= words:
            found.append(file)
    return found


def _name_words(name: str) -> set[str]:
    """The words of a name without case or accents; a name in another script as it is written."""
    return set((name_key(name) or name.casefold()).split())
