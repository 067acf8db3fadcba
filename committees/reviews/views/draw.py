"""Draws of a meeting: the office draws, the director confirms, anybody who may read it runs it again."""

from typing import Any

from django.shortcuts import redirect

from appraisal_portal.kernel.views import VisibleDetail
from committees.reviews.access import expert as access
from committees.reviews.forms.expert import DrawForm
from committees.reviews.models import Draw, Expert, Invitation, Meeting
from committees.reviews.rules import draw as rules
from committees.reviews.services import draws as services
from committees.reviews.workflow.draw import DRAW

from .meeting_day import MeetingForm


class MeetingDraw(MeetingForm):
    """The draws of a meeting with their answers, and the next one."""

    rule = access.reads_draws
    access = access.reads_draws
    template_name = "reviews/experts/draws.html"
    done = ""

    def form(self, meeting: Meeting, data: Any = None) -> DrawForm:
        """As many as are still missing."""
        self.people = services.population(meeting)
        known = {row[1] for row in self.people}
        return DrawForm(data, known=known, initial={"wanted": services.open_places(meeting) or None, "per_unit": 0})

    def act(self, meeting: Meeting, data: dict[str, Any]) -> None:
        """Draw."""
        self.draw = services.make(meeting, data, actor=self.request.user)

    def back(self, meeting: Meeting) -> Any:
        """The draw."""
        return redirect(self.draw)

    def more(self, meeting: Meeting) -> dict[str, Any]:
        """Draws, answers, how many can be drawn."""
        invitations = Invitation.objects.filter(draw__meeting=meeting).select_related("expert", "draw")
        return {
            "draws": meeting.draws.select_related("drawn_by", "confirmed_by"),
            "invitations": invitations.order_by("draw", "pk"),
            "pool": len(self.people),
            "open_places": services.open_places(meeting),
            "may_draw": access.draws(self.request.user, meeting) and meeting.status == "approved",
        }


class DrawDetail(VisibleDetail):
    """One draw: rule, seed, everybody in the order of the tickets, and whether it comes out again."""

    access = access.reads_draws
    model = Draw
    workflow = DRAW
    do_url = "reviews:draw-do"
    template_name = "reviews/experts/draw.html"

    def get_queryset(self) -> Any:
        """With names."""
        return super().get_queryset().select_related("meeting__committee", "drawn_by", "confirmed_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The tickets."""
        context = super().get_context_data(**kwargs)
        draw = self.object
        people = Expert.objects.in_bulk([row[0] for row in draw.population])
        order = sorted(draw.population, key=lambda row: rules.ticket(draw.seed, row[0]))
        place = {expert: number for number, expert in enumerate(draw.drawn, start=1)}
        context["tickets"] = [
            {
                "expert": people[row[0]],
                "row": row,
                "ticket": rules.ticket(draw.seed, row[0]),
                "place": place.get(row[0]),
            }
            for row in order
        ]
        context["again"] = rules.runs_again(draw)
        return context
