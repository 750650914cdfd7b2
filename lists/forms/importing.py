"""A table that somebody sends, and how it shall be read."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from ..sameness import digest_of
from ..tables.columns import Columns, Role, guess
from ..tables.contacts import LONGEST_NAME
from ..tables.read import ReadAs, as_file, read_table
from ..tables.table import MOST_BYTES, MOST_COLUMNS, Table, TooLarge, Unusable
from ..tables.workbook import is_workbook
from ..wording.imports import ENCODINGS, ROLES, SEPARATORS, unusable
from .base import Form
from .lists import NewListForm

_DETECTED = ("", _("auto"))
_ACCEPTED = ".csv,.txt,.tsv,.xlsx,.xls,.ods"


class ImportForm(Form):
    """A file or what was pasted; then how it is read.

    `kept`: what was sent before, and still waits. Once it is valid: `content`, as it came, `table`, and `columns`,
    by the form or as they are guessed. `has_new`: whether the table came with this form; a new one is read as it
    seems to be, whatever was said of the one before.
    """

    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        help_text=_("CSV, TXT, XLSX, XLS or ODS: up to 10 MB and 20,000 rows."),
        widget=forms.FileInput(attrs={"accept": _ACCEPTED}),
    )
    text = forms.CharField(
        label=_("Or paste the table here"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=_("A row per line, as copied from a spreadsheet: a name, then its numbers."),
    )
    mode = forms.ChoiceField(
        label=_("What to do"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("add", _("Add what is missing: nothing is removed")),
            ("equal", _("Make the list equal to the table: what is not in it is removed")),
        ],
    )
    unnamed = forms.CharField(
        label=_("Name for rows without a name"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("If empty, each number becomes a contact named after itself."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        choices=[_DETECTED, *ENCODINGS.items()],
    )
    separator = forms.ChoiceField(
        label=_("Separator"), required=False, choices=[_DETECTED, *SEPARATORS.items()]
    )
    sheet = forms.IntegerField(required=False, min_value=0, max_value=999)

    content = b""
    has_new = False
    table: Table
    columns: Columns

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, kept: bytes | None = None, **kwargs: Any
    ) -> None:
        if data is None:
            kwargs.pop("files", None)  # a form that nobody has sent yet
        super().__init__(data, auto_id="import-%s", **kwargs)
        self.initial["mode"] = "add"
        self.kept = kept

    def clean_mode(self) -> str:
        return self.cleaned_data["mode"] or "add"

    def clean(self) -> dict[str, Any]:
        super().clean()
        if "file" not in self.cleaned_data or "text" not in self.cleaned_data:
            return self.cleaned_data
        if self.cleaned_data["file"] and self.cleaned_data["text"].strip():
            either = _("Send a file or a pasted table, not both: remove one of them.")
            self.add_error("text", either)
            return self.cleaned_data
        field = (
            "file" if self.cleaned_data["file"] or not self.cleaned_data["text"].strip() else "text"
        )
        try:
            self._read(self.cleaned_data["file"], self.cleaned_data["text"])
        except Unusable as error:
            self.add_error(field if self.has_new else None, unusable(error))
        return self.cleaned_data

    def _read(self, file: "UploadedFile[bytes] | None", pasted: str) -> None:
        """Raises `Unusable`."""
        if file and (file.size or 0) > MOST_BYTES:
            raise TooLarge
        content = file.read() if file is not None else as_file(pasted)
        self.has_new = file is not None or bool(content)
        if not self.has_new and self.kept is None:
            self.add_error("file", _("Choose a file or paste a table."))
            return
        self.content = content if self.has_new else self.kept or b""
        self.table = read_table(self.content, self.read_as)
        self.columns = guess(self.table) if self.has_new else self._chosen_columns()

    @property
    def read_as(self) -> ReadAs:
        if self.has_new:
            return ReadAs()
        said = self.cleaned_data
        return ReadAs(said.get("encoding", ""), said.get("separator", ""), said.get("sheet"))

    @property
    def reading(self) -> str:
        """Tells of which reading the columns are: those of another one say nothing about it."""
        as_read = self.read_as
        return digest_of([as_read.encoding, as_read.separator, str(self.table.sheet)])

    @property
    def is_text(self) -> bool:
        return bool(self.content) and not is_workbook(self.content)

    def _chosen_columns(self) -> Columns:
        """As the form says; a form that does not, or was about another reading, leaves it to us."""
        if self.data.get("reading", self.reading) != self.reading:
            return guess(self.table)
        sent = [
            self.data.get(f"column-{at}", "") for at in range(min(self.table.width, MOST_COLUMNS))
        ]
        if not any(sent):
            return guess(self.table)
        roles = tuple(Role(text) if text in set(Role) else Role.NOTHING for text in sent)
        return Columns(roles, "heading" in self.data)

    def without_text(self) -> None:
        """Show an empty text: what was pasted waits as an upload, and is not to come as a new table again. Nor has
        anything been said about this one."""
        self.data = dict(self.data.items()) | dict.fromkeys(("text", "encoding", "separator"), "")

    @property
    def shown(self) -> str:
        """Tells whether it is still the table of a preview, read as that has read it."""
        content = hashlib.blake2b(self.content, digest_size=16).hexdigest()
        sent = (content, self.reading, self.cleaned_data["mode"], self.cleaned_data["unnamed"])
        return digest_of([*sent, *self.columns.roles, str(self.columns.has_heading)])

    @property
    def role_choices(self) -> "list[tuple[str, Any]]":
        return list(ROLES.items())


class NewListImportForm(ImportForm, NewListForm):
    """The same for a list that is to be made: its name and type, and nothing that could go."""

    field_order = ["name", "type", "file", "text"]
