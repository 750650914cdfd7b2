"""The direction in which the house is built (docs/architecture.md#the-house), read off the imports."""

import ast
import re
from pathlib import Path

import pytest

from lists import plusofon

ROOT = Path(__file__).parent.parent
LISTS = ROOT / "lists"
URLS = LISTS / "urls.py"

# folder or file of lists/ -> what it may not import, and the one thing it may from there
ABOVE_SERVICES = {
    *("lists.views", "lists.forms", "lists.wording", "lists.templatetags", "lists.access"),
}
OF_A_REQUEST = {"django.http", "django.template", "django.contrib.messages", "django.shortcuts"}
OUTSIDE = {"django", "httpx", "lists.models", "lists.services", "lists.writing", *ABOVE_SERVICES}
RULES = {
    "backup_file.py": OUTSIDE,
    "backup_reading.py": OUTSIDE,
    "stored_list.py": OUTSIDE,
    "stored_text.py": OUTSIDE,
    "findings.py": OUTSIDE,
    "mending.py": OUTSIDE,
    "reverting.py": OUTSIDE,
    "plusofon": {"django", "lists.models", "lists.services", "lists.writing", *ABOVE_SERVICES},
    "changes.py": OUTSIDE,
    "conflicts.py": OUTSIDE,
    "draft.py": OUTSIDE,
    "intents.py": OUTSIDE,
    "names.py": OUTSIDE,
    "numbers.py": OUTSIDE,
    "readings.py": OUTSIDE,
    "resolving.py": OUTSIDE,
    "search_input.py": OUTSIDE,
    "sameness.py": OUTSIDE,
    "hints.py": OUTSIDE,
    "placing.py": OUTSIDE,
    "tables": OUTSIDE,
    "verdict.py": OUTSIDE,
    "phones.py": {"django", "httpx", "lists."},
    "connection.py": {"httpx", "lists.services", "lists.writing", *ABOVE_SERVICES},
    "writing": {"httpx", "lists.services", *OF_A_REQUEST, *ABOVE_SERVICES},
    "single_sign_on": {"httpx", "lists.services", "lists.writing", *ABOVE_SERVICES},
    "services": {"httpx", *OF_A_REQUEST, *ABOVE_SERVICES},
    "views": {"httpx", "lists.plusofon.transport", "lists.plusofon.wire", "cryptography"},
    "forms": {
        *("httpx", "lists.services", "lists.writing", "lists.views", "lists.models"),
        *("lists.connection", "lists.plusofon.client"),
    },
    "wording": {
        *("httpx", "lists.services", "lists.views", "lists.forms", "lists.templatetags"),
        *("lists.access", "lists.plusofon.client", "django.forms", *OF_A_REQUEST),
    },
    "templatetags": {"httpx", "lists.services", "lists.views", "lists.access"},
    "models.py": {"httpx", "lists.services", "lists.writing", "lists.views", "lists.plusofon"},
}


def sources(part):
    path = LISTS / part
    return [path] if path.suffix else sorted(path.rglob("*.py"))


def imports(path):
    """The full names of what a module imports, relative ones resolved."""
    package = list(path.relative_to(ROOT).parent.parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            yield name
            yield from (f"{name}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("part", RULES)
def test_a_layer_imports_nothing_from_above(part):
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources(part)
        for name in imports(path)
        for forbidden in RULES[part]
        if name == forbidden.rstrip(".") or name.startswith(forbidden.rstrip(".") + ".")
    ]
    assert wrong == []


def pages():
    """The modules of views/ that have an address."""
    return set(re.findall(r", (\w+)\.\w+, name=", URLS.read_text()))


def test_no_page_imports_the_view_of_another():
    """What two of them need is a module of its own, named for what it is."""
    with_an_address = {f"lists.views.{name}" for name in pages()}
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources("views")
        for name in imports(path)
        if any(f"{name}.".startswith(f"{page}.") for page in with_an_address)
    ]
    assert len(with_an_address) > 10
    assert wrong == []


def test_what_pages_share_holds_no_page():
    """A module without an address has no view with a method of its own, and a page has one."""
    with_views = {
        path.stem
        for path in sources("views")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and any("require_" in ast.unparse(decorator) for decorator in node.decorator_list)
    }
    assert with_views - pages() == set()
    # Machines ask `health` with any method, and `icons` is no page.
    assert pages() - with_views <= {"health", "icons"}


def test_no_module_is_named_for_nothing():
    nameless = {"utils", "helpers", "common", "misc", "manager", "data", "tools"}
    assert [path for path in LISTS.rglob("*.py") if path.stem in nameless] == []


def test_what_is_imported_of_the_api_package_is_what_it_offers():
    offered = {f"lists.plusofon.{name}" for name in plusofon.__all__}
    modules = {f"lists.plusofon.{path.stem}" for path in (LISTS / "plusofon").glob("*.py")}
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in LISTS.rglob("*.py")
        if path.parent != LISTS / "plusofon"
        for name in imports(path)
        if name in modules - offered
    ]
    assert offered < modules
    assert wrong == []


def test_only_the_commands_that_start_it_import_the_stand_in():
    importing = {
        path.relative_to(LISTS)
        for path in LISTS.rglob("*.py")
        if path.parent != LISTS / "sandbox"
        for name in imports(path)
        if name.startswith("lists.sandbox")
    }
    commands = Path("management/commands")
    assert importing == {commands / "demo.py", commands / "sandbox.py"}


def test_the_package_of_openid_is_imported_where_a_provider_is_set_only():
    """It is an extra: everything else works without it, and without what it brings along."""
    needing = {
        path.relative_to(LISTS)
        for path in LISTS.rglob("*.py")
        for name in imports(path)
        if name.split(".")[0] in {"mozilla_django_oidc", "requests", "jwt"}
    }
    assert needing == {Path("single_sign_on/openid.py")}


def test_the_image_has_neither_the_stand_in_nor_its_commands():
    left_out = (ROOT / ".dockerignore").read_text().splitlines()
    commands = {f"lists/management/commands/{name}.py" for name in ("demo", "sandbox")}
    assert {"lists/sandbox", "lists/management/demo_month", *commands} <= set(left_out)


def test_the_stand_in_needs_nothing_but_python():
    wrong = {
        name
        for path in sources("sandbox")
        for name in imports(path)
        if name.split(".")[0] in {"django", "httpx", "pytest"}
    }
    assert wrong == set()


def calls(path, name):
    return any(
        isinstance(node, ast.Call)
        and (getattr(node.func, "id", None) == name or getattr(node.func, "attr", None) == name)
        for node in ast.walk(ast.parse(path.read_text()))
    )


def test_one_place_builds_a_client():
    builders = [path for path in LISTS.rglob("*.py") if calls(path, "Plusofon")]
    assert builders == [LISTS / "connection.py"]


@pytest.mark.parametrize("part", ["services", "writing"])
def test_services_never_see_a_request(part):
    for path in sources(part):
        names = {
            arg.arg
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.FunctionDef)
            for arg in node.args.args + node.args.kwonlyargs
        }
        assert "request" not in names, path


def test_only_the_settings_read_the_environment():
    reading = re.compile(r"os\.(environ(\.get|\[)|getenv)")
    readers = [
        path.relative_to(ROOT)
        for path in [*LISTS.rglob("*.py"), *(ROOT / "plusofon_admin").rglob("*.py")]
        if reading.search(path.read_text())
    ]
    assert readers == []


def test_only_one_module_knows_the_keys():
    knowing = [
        path.name
        for path in LISTS.rglob("*.py")
        if "CREDENTIAL_KEYS" in path.read_text() and "settings.CREDENTIAL_KEYS" in path.read_text()
    ]
    assert knowing == ["encryption.py"]


def test_nothing_catches_everything():
    broad = [
        f"{path}:{node.lineno}"
        for path in LISTS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in ("Exception", "BaseException"))
    ]
    assert broad == []


def test_the_write_path_is_handed_values_only():
    """No callable comes in: what a person asked for is an intent (docs/architecture.md#the-house)."""
    handed = [
        f"{path.name}: {node.name}({arg.arg}: {ast.unparse(arg.annotation)})"
        for path in sources("writing")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        for arg in [*node.args.args, *node.args.kwonlyargs]
        if arg.annotation and "Callable" in ast.unparse(arg.annotation)
    ]
    assert handed == []


LONGEST_VIEW = 30  # lines: what a screen shows


def test_every_view_fits_a_screen():
    long = {
        f"{path.relative_to(LISTS)}: {node.name}"
        for path in sources("views")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        and node.end_lineno - node.lineno + 1 > LONGEST_VIEW  # without its decorators
    }
    assert long == set()
