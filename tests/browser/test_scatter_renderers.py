"""The scatter of a graphics card, which SwiftShader plays here, is that of the processor."""

import base64
import io
import re
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

import samplewise as sw

ROWS = 20_000
PAGE = "/p/million/runs/large?tab=samples"
DEEP = "&x=ap_50&y=f1&z=recall"
DRAW = Path(__file__).parents[2] / "benchmarks" / "million.py"
BLOCK = 6  # pixels: one renderer places points on whole pixels, the other between them
# What Chromium says of reading a picture back, and of a context that we take away.
SAID = "ReadPixels|CONTEXT_LOST|context lost"


@pytest.fixture(scope="module")
def many_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with many points."""
    folder = tmp_path_factory.mktemp("many")
    runpy.run_path(str(DRAW))["draw_million"](folder / "store", folder / "images", ROWS)
    return folder / "store"


@pytest.fixture(scope="module")
def places(many_root: Path) -> np.ndarray:
    """Where the samples are on the map."""
    rows = sw.Run.from_names("large", "million", str(many_root)).metrics(["map"])
    return np.array(rows.column("map").to_pylist())


@pytest.fixture(scope="module", name="chromium")
def chromium_with_webgl(chromium: Browser, program: str) -> Iterator[Browser]:
    """Chromium whose graphics card is a program."""
    card = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
    kind = chromium.browser_type
    browser = kind.launch(executable_path=program, args=["--no-sandbox", *card])
    yield browser
    browser.close()


@pytest.fixture
def look(open_page: Callable[..., Page], many_root: Path) -> Callable[..., Page]:
    """Opens the scatter, drawn by one of the renderers."""

    def opened(renderer: str, query: str = "", **options: Any) -> Page:
        path = f"{PAGE}{query}&renderer={renderer}"
        page = open_page(many_root, path, allowed=SAID, reduced_motion="reduce", **options)
        expect(canvas_of(page)).to_have_attribute("data-renderer", renderer)
        return page

    return opened


def canvas_of(page: Page) -> Locator:
    """The points."""
    return page.locator("canvas[data-draw-ms]")


def picture(page: Page) -> np.ndarray:
    """The points as they are drawn now, colours multiplied by their alpha, shape `(h, w, 4)`."""
    before, now = None, canvas_of(page).evaluate("canvas => canvas.toDataURL()")
    while before != now:  # what was asked for is on its way
        page.wait_for_timeout(400)
        before, now = now, canvas_of(page).evaluate("canvas => canvas.toDataURL()")
    image = Image.open(io.BytesIO(base64.b64decode(now.partition(",")[2])))
    pixels = np.array(image.convert("RGBA"), np.float64)
    pixels[..., :3] *= pixels[..., 3:] / 255
    return pixels


def blocks(pixels: np.ndarray) -> np.ndarray:
    """Means of squares of pixels."""
    height, width = (each // BLOCK for each in pixels.shape[:2])
    cut = pixels[: height * BLOCK, : width * BLOCK]
    return cut.reshape(height, BLOCK, width, BLOCK, 4).mean((1, 3))


def assert_alike(left: np.ndarray, right: np.ndarray) -> None:
    """Two pictures show the same points in the same colours."""
    assert left.shape == right.shape
    assert 0.95 < left.sum() / right.sum() < 1.05
    one, other = blocks(left), blocks(right)
    drawn = (one[..., 3] > 4) | (other[..., 3] > 4)
    apart = np.abs(one - other)[drawn].max(axis=-1)
    assert drawn.sum() > 100
    assert apart.mean() < 8, apart.mean()
    assert np.percentile(apart, 98) < 32, np.percentile(apart, 98)


@pytest.mark.parametrize(
    ("query", "scheme"),
    [
        ("", "dark"),
        ("&f=ap_50:0.3..0.5", "light"),
        (DEEP, "light"),
        (f"{DEEP}&f=loss:..0.8", "dark"),
    ],
)
def test_both_renderers_draw_the_same_picture(look, query, scheme):
    pictures = [
        picture(look(renderer, query, color_scheme=scheme)) for renderer in ("webgl", "canvas")
    ]
    assert_alike(*pictures)


def test_what_is_selected_lies_over_the_rest_in_depth_too(look):
    colour = "&colour=none"
    alone, among = (
        picture(look("webgl", f"{DEEP}{colour}{chosen}")) for chosen in ("", "&f=recall:0.5..")
    )
    tinted = among[..., 1] - among[..., 0] > 40  # teal, not grey
    assert 0.1 < tinted.sum() / (alone[..., 3] > 100).sum() < 0.9
    rest = (among[..., 3] > 8) & ~tinted
    assert np.median(among[rest][:, 3]) < np.median(among[tinted][:, 3])


def test_a_point_of_the_card_is_found_under_the_pointer(look, places):
    page = look("webgl")
    drawn = picture(page)[..., 3] > 100
    across = np.flatnonzero(drawn.any(axis=0))[-1]
    down = int(np.flatnonzero(drawn[:, across]).mean())
    box = canvas_of(page).bounding_box()
    page.mouse.move(box["x"] + int(across), box["y"] + down)
    rightmost = int(places[:, 0].argmax())
    scatter = page.get_by_role("group", name=re.compile("^Scatter of"))
    expect(scatter).to_contain_text(re.compile(rf"sample ?{rightmost}\D"))


@pytest.mark.parametrize("query", ["", DEEP])
def test_both_renderers_zoom_turn_and_follow_the_window(look, query):
    pictures = []
    for renderer in ("webgl", "canvas"):
        page = look(renderer, query, device_scale_factor=2)
        picture(page)
        page.set_viewport_size({"width": 1200, "height": 700})
        page.get_by_role("group", name=re.compile("^Scatter of")).focus()
        for key in ("+", "+", "+", "ArrowLeft", "ArrowUp"):
            page.keyboard.press(key)
        pictures.append(picture(page))
        box = canvas_of(page).bounding_box()
        assert pictures[-1].shape[1] == 2 * int(box["width"])
    assert_alike(*pictures)


def test_where_the_card_is_lost_the_processor_draws_on(look):
    page = look("webgl")
    before = picture(page)
    canvas_of(page).evaluate(
        "canvas => canvas.getContext('webgl2').getExtension('WEBGL_lose_context').loseContext()"
    )
    expect(canvas_of(page)).to_have_attribute("data-renderer", "canvas")
    assert_alike(before, picture(page))
    page.get_by_role("group", name=re.compile("^Scatter of")).focus()
    page.keyboard.press("+")
    assert not np.array_equal(before, picture(page))
