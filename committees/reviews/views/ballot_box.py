"""Pages of the electronic ballot: a member's sheet, the turnout while a round is open, the ballots after the seal."""

from itertools import groupby
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.views import VisibleObjectMixin
from appraisal_portal.kernel.workflow import NotAllowed, Refused, WrongState
from committees.reviews.access import meeting as access
from committees.reviews.forms.ballot_box import SheetForm
from committees.reviews.models import Admission, Ballot, BallotRound
from committees.reviews.querysets.conflict import known_to
from committees.reviews.rules import ballot_box as rules
from committees.reviews.services import ballot_box as box
from committees.reviews.services.panel_work import WORK, said_of


class RoundBallot(VisibleObjectMixin, View):
    """A member's own sheet, in person. The answer is the same whatever was chosen: received, and the tracker."""

    access = access.is_voter
    model = BallotRound
    typed_again = False  # a choice is made on the sheet before one's eyes, and lies on no other page

    def get_queryset(self) -> Any:
        """Electronic rounds on whose roll the member stands; a page of anybody else's does not exist."""
        mine = BallotRound.objects.filter(mode=BallotRound.Mode.ELECTRONIC, voters__member__user=self.request.user.pk)
        return mine.select_related("meeting__committee")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The sheet, or that it is in the box, or what became of the round."""
        ballot = self._round(pk)
        voter = box.voter_of(ballot, request.user)
        return self._page(ballot, SheetForm(items=box.sheet_of(voter)) if voter else None)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Cast the sheet."""
        ballot = self._round(pk)
        voter = box.voter_of(ballot, request.user)
        form = SheetForm(request.POST, items=box.sheet_of(voter) if voter else [])
        if ballot.status == BallotRound.Status.OPEN and not form.is_valid():
            return self._page(ballot, form, status=422)
        try:
            box.cast(ballot, actor=request.user, choices=form.choices if form.is_valid() else {})
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except (box.AlreadyCast, WrongState) as refused:
            ballot.refresh_from_db()
            return self._page(ballot, None, refused.problems, 409)
        except Refused as refused:
            return self._page(ballot, form, refused.problems, 422)
        answer = redirect("reviews:round-ballot", pk)
        answer["Cache-Control"] = "no-store"
        return answer

    def _round(self, pk: int) -> BallotRound:
        ballot: BallotRound = get_object_or_404(self.get_queryset(), pk=pk)
        if box.settle(ballot.meeting):
            ballot.refresh_from_db()
        return ballot

    def _page(self, ballot: BallotRound, form: SheetForm | None, problems: Any = (), status: int = 200) -> HttpResponse:
        voter = box.voter_of(ballot, self.request.user)
        tracker = box.tracker_of(voter) if voter else ""
        context = {
            "object": ballot,
            "form": form if ballot.status == BallotRound.Status.OPEN and not tracker else None,
            "problems": problems,
            "tracker": tracker,
            "opinions": self._opinions(voter) if voter else [],
        }
        answer = render(self.request, "reviews/meeting/ballot.html", context, status=status)
        answer["Cache-Control"] = "no-store"  # the sheet with its choices stays in no cache
        return answer

    @staticmethod
    def _opinions(voter: Any) -> list[dict[str, Any]]:
        """What the panels signed of the persons on this sheet."""
        own = Admission.objects.filter(pk__in=[item.admission_id for item in box.sheet_of(voter)])
        return said_of(own.select_related(*WORK).order_by("seq"))


class RoundTurnout(VisibleObjectMixin, View):
    """How many sheets are in the box, for the page that waits: JSON ``{state, done, total, text}``, never a choice."""

    access = SIGNED_IN
    model = BallotRound

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The numbers now."""
        ballot: BallotRound = get_object_or_404(self.get_queryset().filter(mode=BallotRound.Mode.ELECTRONIC), pk=pk)
        if box.settle(ballot.meeting):
            ballot.refresh_from_db()
        return JsonResponse(turnout_of(ballot))


def turnout_of(ballot: BallotRound) -> dict[str, Any]:
    """``state`` is "running" as long as there is something to wait for."""
    total = ballot.voters.count()
    done = rules.turnout(ballot) if ballot.turnout is None else ballot.turnout
    waiting = ballot.status == BallotRound.Status.OPEN and done < total
    text = _("{done} of {total} members have voted.").format(done=done, total=total)
    return {"state": "running" if waiting else "done", "done": done, "total": total, "text": text}


class RoundBallots(VisibleObjectMixin, View):
    """Every ballot of a sealed round by its random number: all present can count again (唱票复核)."""

    access = SIGNED_IN
    model = BallotRound

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The list, person by person; a member who stands back from a person does not see that person's."""
        sealed = self.get_queryset().filter(mode=BallotRound.Mode.ELECTRONIC, status=BallotRound.Status.SEALED)
        ballot: BallotRound = get_object_or_404(sealed.select_related("meeting__committee"), pk=pk)
        rows = Ballot.objects.filter(round=ballot, admission__in=known_to(request.user, ballot.meeting)).select_related(
            "admission__declaration__applicant", "admission__declaration__standard_version"
        )
        own = box.voter_of(ballot, request.user)
        of_the_jury = own and not (access.is_office | access.reads_all)(request.user, ballot.meeting)
        people = []
        for admission, ballots in groupby(rows.order_by("admission__seq", "id"), key=lambda row: row.admission):
            found = list(ballots)
            tally = [(label, sum(row.choice == choice for row in found)) for choice, label in Ballot.Choice.choices]
            name = admission.jury_name if of_the_jury else admission.declaration.applicant.name
            people.append({"admission": admission, "name": name, "ballots": found, "tally": tally})
        if not people:
            raise Http404
        return render(request, "reviews/meeting/ballots.html", {"object": ballot, "people": people})
