"""A backup that somebody sends, and which of its lists shall be restored."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from .. import backup_file, backup_reading
from ..backup_file import Backup
from ..plusofon.values import ID
from ..wording.backups import refused
from .base import Form


class RestoreForm(Form):
    """`content`: the file as it came; `backup`: what it holds."""

    file = forms.FileField(
        label=_("Backup file"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        error_messages={"required": _("Choose a file."), "invalid": _("Choose a file.")},
    )

    content: bytes
    backup: Backup

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="restore-%s", **kwargs)

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        try:
            if (file.size or 0) > backup_file.MOST_PACKED:
                raise backup_file.TooLarge
            self.content = file.read()
            self.backup = backup_reading.read(self.content)
        except backup_file.Unusable as error:
            raise forms.ValidationError(refused(error)) from error
        return file


def chosen_ids(sent: QueryDict) -> frozenset[int]:
    """The lists whose boxes were ticked."""
    return frozenset(int(text) for text in sent.getlist("list") if re.fullmatch(ID, text))
