"""Writes a drawing of a process as SVG: text stays text, colours come from classes with a key in words."""

from __future__ import annotations

from html import escape

from sim.diagram.layout import Box, Drawing, Line, Shape, Words

#: Every colour of the drawings; text on each of the fills has a contrast above 4.5 to 1.
STYLE = """
.process text{font-size:12px;fill:#1c1c1c;text-anchor:middle}
.process text.left{text-anchor:start}
.process text.below,.process text.label{font-size:10.5px;fill:#4a4a4a}
.process text.head{font-size:11.5px;font-weight:600}
.process text.badge{font-size:11px;font-weight:600}
.process rect{fill:#fff;stroke:#767676;stroke-width:1}
.process rect.frame{fill:#fafafa;stroke:#9a9a9a}
.process rect.together{fill:#f3f6f9}
.process rect.nothing{fill:none;stroke:#9a9a9a;stroke-dasharray:2 3}
.process rect.point{fill:#ececec}
.process rect.end{fill:#e2e2e2}
.process rect.added{fill:#d9f2e6;stroke:#00694a;stroke-width:2}
.process rect.removed{fill:#fbe3d9;stroke:#9c3a00;stroke-width:2;stroke-dasharray:6 3}
.process rect.changed{fill:#fff2cc;stroke:#7d5a00;stroke-width:2}
.process rect.moved{fill:#dbeaf7;stroke:#0a5488;stroke-width:2;stroke-dasharray:2 2}
.process rect.parallel{fill:#ece2f3;stroke:#6b3580;stroke-width:2}
.process rect.frame.changed{fill:#fffaeb}
.process rect.frame.added{fill:#f1faf5}
.process rect.frame.removed{fill:#fdf4f0}
.process rect.frame.moved{fill:#f1f7fc}
.process rect.frame.parallel{fill:#f7f2fa}
.process path{fill:none;stroke:#5c5c5c;stroke-width:1.2}
.process path.rule{stroke:#b5b5b5;stroke-dasharray:2 3}
.process path.back{stroke-dasharray:4 3}
.process path.tip{fill:#5c5c5c;stroke:none}
"""


def as_svg(drawing: Drawing, label: str, identity: str) -> str:
    """Return the drawing as an SVG element to stand in a page that has `STYLE`.

    Parameters
    ----------
    label : what the drawing shows, for those who do not see it.
    identity : of the element in the page.
    """
    size = f'viewBox="0 0 {drawing.width:g} {drawing.height:.0f}"'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="process" id="{escape(identity)}" role="img" '
        f'aria-label="{escape(label)}" {size} width="{drawing.width:g}" height="{drawing.height:.0f}">'
    )
    return head + "".join(map(_shape, drawing.shapes)) + "</svg>"


def _shape(shape: Shape) -> str:
    if isinstance(shape, Box):
        tip = f"<title>{escape(shape.tip)}</title>" if shape.tip else ""
        place = f'x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" height="{shape.height:.1f}"'
        return f'<rect class="{shape.style}" {place} rx="{shape.rounding:g}">{tip}</rect>'
    if isinstance(shape, Words):
        kind = f"{shape.style} left" if shape.left else shape.style
        return f'<text class="{kind}" x="{shape.x:.1f}" y="{shape.y:.1f}">{escape(shape.text)}</text>'
    return _line(shape)


def _line(line: Line) -> str:
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line.points)
    drawn = f'<path class="{line.style}" d="{path}"/>'
    if not line.head:
        return drawn
    (x0, y0), (x, y) = line.points[-2:]
    length = max(((x - x0) ** 2 + (y - y0) ** 2) ** 0.5, 1e-9)
    dx, dy = 6 * (x - x0) / length, 6 * (y - y0) / length
    corners = ((x, y), (x - dx - dy / 2, y - dy + dx / 2), (x - dx + dy / 2, y - dy - dx / 2))
    tip = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in corners) + "Z"
    return f'{drawn}<path class="tip" d="{tip}"/>'
