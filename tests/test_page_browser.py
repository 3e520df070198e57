"""The report as a reader opens it: in a browser, on a desk and on a phone, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sim.figures import style
from sim.figures.all import figures, picture
from sim.report.page.build import LANGS, Pictures, report
from sim.report.page.index import scoreboard, update
from sim.store import documents
from tests.chromium import browser
from tests.figure_office import figure_data
from tests.made_replay import MANIFEST, evidence_by_name, made_replay, made_titles

if TYPE_CHECKING:
    from playwright.sync_api import Browser

STYLE = Path(style.__file__).parents[1] / "report" / "templates" / "style.css"
WIDTHS = {"desk": 1280, "phone": 390}
#: What is seen of the page, asked of the page itself.
SEEN = """() => {
  const shown = element => element.getClientRects().length > 0;
  const images = [...document.images].filter(shown);
  const svgs = [...document.querySelectorAll("svg.process")].filter(shown);
  return {
    wide: document.documentElement.scrollWidth,
    images: images.length,
    broken: images.filter(image => !image.complete || !image.naturalWidth).length,
    drawings: svgs.length,
    empty: svgs.filter(svg => svg.getBoundingClientRect().height < 200).length,
    languages: [...document.querySelectorAll("main")].filter(shown).map(main => main.lang),
    fonts: [...document.fonts].map(font => font.status),
    outside: [...document.querySelectorAll("svg.process text")].filter(shown).filter(text => {
      const own = text.getBoundingClientRect(), all = text.ownerSVGElement.getBoundingClientRect();
      return own.left < all.left - 1 || own.right > all.right + 1;
    }).map(text => text.textContent),
  };
}"""


@pytest.fixture(scope="module")
def opened() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with one replay, as a real one leaves it."""
    out = tmp_path_factory.mktemp("results")
    folder = out / "one-seal-approval" / "20260102T030405Z"
    folder.mkdir(parents=True)
    result, titles = made_replay(), made_titles()
    drawn = {}
    for lang in LANGS:
        with style.look(lang):
            named = figures(figure_data(2), lang, pools=False)
            main = [picture(name, figure, style.svg_bytes(figure)) for name, figure in named]
        drawn[lang] = Pictures(main, evidence_by_name(result.readings, titles, lang))
    page = report(result, MANIFEST, drawn, titles)
    (folder / "report.html").write_text(page, encoding="utf-8")
    documents.write(folder / "manifest.json", MANIFEST)
    documents.write(folder / "summary.json", {"scoreboard": scoreboard(result, titles)})
    assert update(out) is not None
    return out


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["report", "index"])
def test_page_shows_all_in_both_languages_and_asks_for_nothing(
    opened: Browser, store: Path, name: str, width: str
):
    report_page = next(store.glob("*/*/report.html"))
    path = report_page if name == "report" else store / "index.html"
    said: list[str] = []
    asked: list[str] = []
    page = opened.new_page(viewport={"width": WIDTHS[width], "height": 900})
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    for lang, code in (("en", "en"), ("zh", "zh-CN")):
        page.click(f"label[for=lang-{lang}]")
        page.evaluate("Promise.all([...document.images].map(image => image.decode().catch(() => 0)))")
        page.evaluate("document.fonts.ready.then(() => 0)")
        seen = page.evaluate(SEEN)
        assert seen["languages"] == [code]
        assert seen["wide"] <= WIDTHS[width], "the page itself does not scroll sideways"
        assert seen["broken"] == 0
        assert seen["fonts"] == ["loaded"]
        if name == "report":
            assert (seen["images"], seen["drawings"], seen["empty"]) == (10, 2, 0)
            assert seen["outside"] == []
    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
    page.close()


@pytest.mark.slow
def test_page_switches_language_from_the_keyboard_and_prints(opened: Browser, store: Path):
    page = opened.new_page(viewport={"width": 1000, "height": 800})
    page.goto(next(store.glob("*/*/report.html")).as_uri())
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(SEEN)["languages"] == ["zh-CN"]
    page.emulate_media(media="print")
    assert not page.is_visible(".bar")
    assert page.is_visible("main.zh")
    page.set_content("<details id=d><summary>more</summary><p id=p>folded away</p></details>")
    page.add_style_tag(path=STYLE)
    assert page.is_visible("#p"), "paper cannot be unfolded"
    page.emulate_media(media="screen")
    assert not page.is_visible("#p")
    page.close()


@pytest.mark.slow
def test_page_check_sees_a_request_and_an_error(opened: Browser, tmp_path: Path):
    """The tests above can fail."""
    path = tmp_path / "bad.html"
    path.write_text("<img src='missing.png'><script>throw Error('x')</script>", encoding="utf-8")
    said: list[str] = []
    asked: list[str] = []
    page = opened.new_page()
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert said
    assert len(asked) == 2
    page.close()
