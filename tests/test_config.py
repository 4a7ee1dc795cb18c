"""What `_config.yml` asks of Jupyter Book, once its defaults have been added."""

from __future__ import annotations

from jupyter_book.config import get_final_config
from tables_fixture import PROJECT


def test_double_braces_in_a_text_are_text_and_not_a_program():
    """MyST would evaluate them as Jinja, with Sphinx's environment within reach."""
    found, _ = get_final_config(
        user_yaml=PROJECT.config, cli_config={"latex_individualpages": False}
    )
    assert sorted(found["myst_enable_extensions"]) == ["colon_fence", "deflist"]
