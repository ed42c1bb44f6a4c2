"""Formulas: drawn many times or as pictures, each is one text in its sentence."""

from __future__ import annotations

import pytest

from service.extract.document import parse
from service.extract.page import Page

FRACTION = "<math><mi>t</mi><mo>=</mo><mfrac><mn>9</mn><mrow><mn>2</mn><mi>k</mi></mrow></mfrac>"
SOURCE = '<annotation encoding="application/x-tex">t = \\frac{9}{2k}</annotation>'


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        (f"{FRACTION}{SOURCE}</math>", "$t = \\frac{9}{2k}$"),
        (f"{FRACTION}</math>", "t = 9/(2 k)"),
        ('<math alttext="{\\displaystyle a_{1}}"><mi>a</mi></math>', "$a_{1}$"),
        ("<math><msqrt><msup><mi>b</mi><mn>2</mn></msup></msqrt></math>", "√(b^2)"),
        (f'<span class="katex">{FRACTION}{SOURCE}</math><b>t=9</b></span>', "$t = \\frac{9}{2k}$"),
        ('<span class="MathJax">t</span><script type="math/tex">t_0</script>', "$t_0$"),
        ('<img class="latex" src="/a.png" alt="A">', "$A$"),
        ('<img src="/a.png" alt="\\alpha + 1">', "$\\alpha + 1$"),
        ('<img src="/a.png" alt="A lake in spring">', ""),
        ('<img class="latex" src="/a.png" alt="Blue gloves">', ""),
    ],
)
def test_a_formula_is_one_text(markup: str, said: str) -> None:
    """The source of a formula, whatever else is drawn of it; pictures of other things are none."""
    document = parse(Page(content=f"<p>So {markup} it is.</p>"))

    assert document.text(document.body) == " ".join(f"So {said} it is.".split())


def test_formulas_in_formulas_are_read_once() -> None:
    """Nested formulas are one, and so deep a one is not walked to its end."""
    document = parse(
        Page(content=f"<p>{'<math><mrow>' * 3000}x{'</mrow></math>' * 3000} is so.</p>")
    )

    assert document.text(document.body) == "is so."
