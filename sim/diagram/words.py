"""Words on the drawings of processes, in English and Chinese."""

from __future__ import annotations

from sim.report.language import Lang

WORDS: dict[str, tuple[str, str]] = {
    "added": ("added", "新增"),
    "removed": ("removed", "取消"),
    "parallel": ("now in parallel", "改为并行"),
    "moved": ("moved", "移位"),
    "changed": ("changed", "变化"),
    "choice": ("one of", "择一"),
    "side-by-side": ("all at the same time", "同时进行"),
    "repeat": ("repeat", "重复"),
    "block": ("stage", "阶段"),
    "again": ("back again, at most {most} rounds", "可重来，至多 {most} 次"),
    "redo": ("before doing it again", "重来之前"),
    "merges": ("one for {parts}", "合并 {parts}"),
    "wait": ("wait", "等待"),
    "batch": ("taken together", "集中办理"),
    "bundle": ("made one bundle", "合并成批"),
    "applicant": ("applicant", "申请人"),
    "third-party": ("third party", "第三方"),
    "or": (" or ", " 或 "),
    "inside": ("{count} elements", "{count} 个环节"),
    "some": ("{count} {what}", "{what} {count}"),
    "nothing": ("nothing", "无"),
    "done": ("ends: done", "结束：办结"),
    "refused": ("ends: refused", "结束：不予受理"),
    "withdrawn": ("ends: withdrawn", "结束：撤回"),
    "abandoned": ("ends: given up", "结束：放弃"),
    "turned-away": ("ends: turned away", "结束：未能进入"),
    "lever": ("lever", "措施"),
    "levers": ("levers", "措施"),
    "clock-from": ("time is taken from here", "自此计时"),
    "clock-to": ("time is taken to here", "计时至此"),
}

#: A sign beside the word, so that no change is told by colour alone.
SIGNS = {"added": "+", "removed": "−", "parallel": "∥", "moved": "↕", "changed": "≠"}


def say(key: str, lang: Lang, **parts: str) -> str:
    """Return the words for `key` in `lang`, with `parts` filled in; an unknown key as it is."""
    text = WORDS.get(key, (key, key))[lang == "zh"]
    return text.format(**parts) if parts else text
