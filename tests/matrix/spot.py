"""A drawn spot check in the world of the matrix, with the case under examination in its sample; its pages."""

from typing import Any

from applications.models import SpotCheck, SpotCheckItem

TABLES = {"applications.SpotCheck": "spot_check", "applications.SpotCheckItem": "spot_check_item"}
"""Label of each table → name of its row."""

OBJECT = "applications:spotcheck-"
CASE = "applications:spotcheckitem-"


def add(world: Any) -> None:
    """Drawn, its one case not checked yet."""
    case, reviewer = world.rows["exam"], world.people["bureau_reviewer_2"]
    people = [[case.number, case.series.number, case.pk]]
    check = SpotCheck(
        year=case.year, number=1, statuses=["in_examination"], share=5, minimum=1, population=people,
        announced_on=case.recommended_on, announced_by=reviewer, seed="0" * 64, seed_day=case.recommended_on,
        chain_seq=1, sample=[case.number], drawn_by=reviewer, drawn_on=case.recommended_on,
        findings_by=case.recommended_on, status="drawn",
    )  # fmt: skip
    check.population_sha256 = check.population_hash()
    check.save()
    check.lines.add(case.line)
    world.rows["spot_check"] = check
    world.rows["spot_check_item"] = SpotCheckItem.objects.create(spot_check=check, declaration=case)


def pages(plain: Any, at: Any, do: Any) -> dict[str, Any]:
    """Its URLs."""
    return {
        "applications:spotcheck-public": plain,
        f"{OBJECT}list": plain,
        f"{OBJECT}new": plain,
        f"{OBJECT}detail": at("spot_check"),
        f"{OBJECT}file": at("spot_check"),
        f"{OBJECT}report": at("spot_check"),
        f"{OBJECT}do": do("spot_check", "find"),
        f"{CASE}detail": at("spot_check_item"),
        f"{CASE}do": do("spot_check_item", "clear"),
    }
