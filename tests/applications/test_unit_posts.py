"""Bars of the unit's posts (R-17): appointed, recommended, waiting, free."""

from types import SimpleNamespace as Row

from applications.rules.unit_overview import post_bars


def test_bars_count_recommended_and_waiting_apart_from_ended_and_examination():
    structure = Row(level="junior", approved=5, taken=3, get_level_display=lambda: "初级")

    def row(level, status, recommended_on=None, *, by_exam=False, person=1):
        title = Row(level=level, by_exam=by_exam)
        return Row(title=title, status=status, recommended_on=recommended_on, applicant_id=person)

    rows = [
        row("assistant", "recommended", "2026-03-10"),
        row("technician", "with_unit"),
        row("assistant", "not_passed", "2026-03-10"),  # ended: the post is free again
        row("assistant", "with_unit", by_exam=True),  # examination series take no post here
        row("intermediate", "recommended", "2026-03-10"),
        row("assistant", "certified", "2026-03-10", person=2),  # appointed since: among those taken
    ]
    [bar] = post_bars([structure], rows, {"junior": {2}})
    assert (bar.taken, bar.recommended, bar.waiting, bar.free) == (3, 1, 1, 1)
    structure.taken = 5
    assert post_bars([structure], rows, {})[0].free == 0
