"""The sentences of the notice of 2018 (sections I to V) that give somebody a task: who, what, on which page.

A test carries a sentence by its marker ``@pytest.mark.notice("IV.3.d")``. ``tests/run/test_notice.py`` writes
``docs/notice.md`` from both and fails on a gap; what is not built yet stands in ``NOT_CARRIED``, exactly.
"""

import ast
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sentence:
    """``who`` has the task, ``task`` in our words, ``page``: the URL name where it is done; empty while not built."""

    who: str
    task: str
    page: str = ""


SENTENCES: dict[str, Sentence] = {
    "I.a": Sentence("applicants, units, offices", "apply, verify and examine online, step by step",
                    "applications:my-new"),
    "I.b": Sentence("the bureau", "issue e-certificates only, after determination and confirmation too",
                    "certificates:certificate-download"),
    "I.c": Sentence("the bureau", "publish review notices in the title column in time", "plans:notice-list"),
    "I.d": Sentence("offices", "publicity before the appraisal", "reviews:public-publicity-list"),
    "I.e": Sentence("offices, the bureau", "publicity after the appraisal, then the announced results",
                    "certificates:result-list"),
    "I.f": Sentence("everybody", "check certificates online", "certificates:verify"),
    "II.1.a": Sentence("the bureau", "plan and measures for hospitals that appraise independently",
                       "autonomous:delegation-new"),
    "II.1.b": Sentence("hospitals", "file posts, personnel structure and their own standard", "autonomous:plan-change"),
    "II.2.a": Sentence("the bureau", "delegate the appraisal to research institutes step by step",
                       "autonomous:delegation-new"),
    "II.2.b": Sentence("research institutes", "file posts, personnel structure and their own standard",
                       "autonomous:plan-change"),
    "II.3.a": Sentence("sector committees", "review engineers of every employer in their field, recommend senior ones",
                       "plans:where"),
    "II.3.b": Sentence("the municipal enterprise committee", "review engineers of enterprises in the other fields",
                       "plans:where"),
    "II.4.a": Sentence("universities", "plan with standard, procedure, posts and ratio by 31 October, then consent",
                       "autonomous:plan-do"),
    "II.4.b": Sentence("universities", "supervise the process", "autonomous:plan-log"),
    "II.4.c": Sentence("universities", "file result and work summary by 31 March", "autonomous:batch-do"),
    "II.5.a": Sentence("municipal schools", "appraise junior teacher titles themselves", "autonomous:delegation-new"),
    "II.5.b": Sentence("county bureaus", "may leave junior titles to qualified schools", "autonomous:delegation-do"),
    "II.6.a": Sentence("the office of agriculture", "take people of new agricultural businesses and returning founders",
                       "applications:my-new"),
    "II.6.b": Sentence("the office of agriculture", "appraise by class, with conditions of its own for each",
                       "plans:version-conditions"),
    "III.a": Sentence("public institutions", "recommend within the approved post structure",
                      "applications:unit-recommend"),
    "III.b": Sentence("public institutions", "publish post information, publicise material, recommend, appoint",
                      "accounts:postinformation-new"),
    "III.c": Sentence("public institutions", "examination series: bound by the structure at the appointment only",
                      "certificates:appointment-new"),
    "IV.1.a": Sentence("the bureau", "draw up the annual plan (attachment 1)", "plans:plan-new"),
    "IV.1.b": Sentence("county bureaus", "deploy the plan locally in time", "plans:deployment-do"),
    "IV.1.c": Sentence("committee offices", "have review documents approved by the bureau before issuing them",
                       "plans:notice-do"),
    "IV.1.d": Sentence("committee offices", "hand in the material to be published in the column",
                       "plans:notice-attach"),
    "IV.2.a": Sentence("the bureau", "coordinate, supervise and guide", "home:bureau"),
    "IV.2.b": Sentence("competent departments", "organise their trade: forward, set professional subjects",
                       "applications:forwarder-list"),
    "IV.2.c": Sentence("committee offices", "write the standard and have it approved before it is applied",
                       "plans:version-do"),
    "IV.2.d": Sentence("committee offices", "quantify, with performance as the main weight", "plans:version-asks"),
    "IV.2.e": Sentence("committee offices", "exceptional promotion of special talent", "applications:my-section"),
    "IV.2.f": Sentence("committee offices", "relief for hardship areas and the grass roots",
                       "plans:version-conditions"),
    "IV.3.a": Sentence("committee offices", "examine the qualification", "applications:office-qualify"),
    "IV.3.b": Sentence("the bureau", "spot checks in time", "applications:spotcheck-new"),
    "IV.3.c": Sentence("committee offices", "fill in 3-1, 3-2 (Excel, A3) and 3-3", "reviews:meeting-paper"),
    "IV.3.d": Sentence("committee offices", "apply five working days ahead, meet only after approval",
                       "reviews:meeting-do"),
    "IV.3.e": Sentence("committee offices", "publicise the results", "reviews:publicity-do"),
    "IV.3.f": Sentence("committee offices", "investigate what is reported, in time, and report to the bureau",
                       "reviews:objection-do"),
    "IV.3.g": Sentence("committee offices", "report with 3-4, 3-5, 3-6 and photographs", "reviews:report-make"),
    "IV.3.h": Sentence("the bureau", "examine, issue the document", "certificates:document-new"),
    "IV.3.i": Sentence("the bureau", "issue the entrusted-appraisal letter for senior titles, nobody else",
                       "reviews:entrustment-do"),
    "IV.3.j": Sentence("offices, forwarders, units", "return originals through the reporting channel",
                       "applications:originals-do"),
    "IV.3.k": Sentence("units", "file the material in the personal file", "reviews:outcome-file"),
    "IV.4.a": Sentence("applicants", "declare by requirement and procedure", "applications:my-check"),
    "IV.4.b": Sentence("applicants, units", "answer for the truth, sign and seal 2-9", "applications:my-undertaking"),
    "IV.4.c": Sentence("units, departments, offices", "check strictly, item by item", "applications:unit-verify"),
    "IV.4.d": Sentence("the bureau", "falsification: material back, three years' ban, title cancelled",
                       "applications:sanction-do"),
    "V.1.a": Sentence("committee offices", "a standing body for high-level and urgently needed talent, case by case",
                      "plans:standing-edit"),
    "V.1.b": Sentence("committee offices", "its result to the bureau for approval and certification",
                      "reviews:report-make"),
    "V.2": Sentence("the bureau", "supervision in March and April: five questions to each committee",
                    "supervision:check-list"),
    "V.3.a": Sentence("applicants", "90 class hours a year: 60 professional, 18 industry and general",
                      "applications:my-section"),
    "V.3.b": Sentence("the bureau", "say which general subjects are asked for", "plans:hours-new"),
    "V.3.c": Sentence("competent departments", "say which professional subjects are asked for", "plans:hours-new"),
    "V.4.a": Sentence("civil servants", "take no part", "applications:ways"),
    "V.4.b": Sentence("offices, the bureau", "no appraisal, recognition or determination of examination titles",
                      "certificates:claim-new"),
}  # fmt: skip
"""Section, number, sentence → the task; several sentences about one task stand together."""

NOT_CARRIED: tuple[str, ...] = ()
"""Not built yet."""


def marked(root: Path) -> dict[str, list[str]]:
    """Sentence → the tests that carry it, read from the markers without importing a test."""
    found: dict[str, list[str]] = {}
    for path in sorted(root.rglob("test_*.py")):
        name = path.relative_to(root.parent).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.ClassDef):
                continue
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.notice":
                    for argument in mark.args:
                        if isinstance(argument, ast.Constant):
                            found.setdefault(str(argument.value), []).append(f"{name}::{node.name}")
    return found


HEAD = """# The notice of 2018, sentence by sentence
Each sentence of sections I to V that gives somebody a task, the page where it is done and the tests that carry it.
Written from `tests/notice.py` and the markers `@pytest.mark.notice(…)` by
`NOTICE_WRITE=1 python3 manage.py test tests/run/test_notice.py`; a gap fails the build.

| sentence | who | task | page | tests |
|---|---|---|---|---|
"""


def written(carried: dict[str, list[str]]) -> str:
    """The table as it stands in ``docs/notice.md``."""
    rows = []
    for name, sentence in SENTENCES.items():
        tests = "<br>".join(f"`{test}`" for test in carried.get(name, [])) or "**not carried yet**"
        page = f"`{sentence.page}`" if sentence.page else "—"
        rows.append(f"| {name} | {sentence.who} | {sentence.task} | {page} | {tests} |\n")
    return HEAD + "".join(rows)
