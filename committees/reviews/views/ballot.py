"""Pages of the vote: the meeting's list of persons, rounds, the tellers' sheets."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.approvals import content_sha256
from appraisal_portal.kernel.views import TransitionView, VisibleDetail, VisibleObjectMixin
from appraisal_portal.kernel.workflow import NotAllowed, Problem, Refused, Transition, WrongState
from committees.reviews.access import meeting as access
from committees.reviews.forms.meeting import CountForm, RoundForm, add_refusal
from committees.reviews.models import Attendee, BallotRound, Meeting, PaperCount
from committees.reviews.querysets.conflict import known_to
from committees.reviews.rules import ballot as arithmetic
from committees.reviews.rules import next_step
from committees.reviews.rules.conflict import undeclared
from committees.reviews.rules.pre_review import under_objection
from committees.reviews.rules.presiding import may_preside
from committees.reviews.services import ballot as counting
from committees.reviews.services import ballot_box as box
from committees.reviews.workflow import BALLOT_ROUND, MEETING

from .ballot_box import turnout_of
from .decided import counts_of, pointless, results_of, who_signs
from .meeting import OVER, meeting_for, papers_of


def tallies(meeting: Meeting, reader: Any = None) -> list[dict[str, Any]]:
    """Each qualified person the reader may know of (none given: everybody) with what was decided: for bars and
    tables."""
    everybody = meeting.admissions.filter(exam_result="qualified")
    people = known_to(reader, meeting) if reader else everybody
    people = people.select_related("verdict__round", "declaration__applicant")
    room = {attendee.member_id for attendee in arithmetic.in_the_room(meeting)}
    committee = meeting.committee
    rows = []
    for admission in people.prefetch_related("recusals").order_by("seq"):
        verdict = getattr(admission, "verdict", None)
        row: dict[str, Any] = {"admission": admission, "verdict": verdict}
        if verdict is None and meeting.status == Meeting.Status.IN_SESSION:
            entitled = len(room - {recusal.member_id for recusal in admission.recusals.all()})
            counted = len(room) if settings.PORTAL_PASS_COUNTS_RECUSED else entitled
            row |= {"entitled": entitled, "line": arithmetic.needed(counted, committee.pass_num, committee.pass_den)}
        if verdict is not None and verdict.present is not None:
            row["needed"] = arithmetic.needed(verdict.present, verdict.pass_num, verdict.pass_den)
            row |= {"entitled": verdict.present, "line": row["needed"]}
        rows.append(row)
    return rows


class MeetingVotes(VisibleObjectMixin, View):
    """The votes of a meeting: quorum, persons with their results, rounds, the next round."""

    access = SIGNED_IN
    model = Meeting

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        meeting = meeting_for(request, pk, access.is_office | access.reads_all | access.is_observer)
        box.settle(meeting)
        return self._page(meeting, None)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Open the next round."""
        meeting = meeting_for(request, pk, access.is_office)
        form = RoundForm(request.POST, meeting_row=meeting, user=request.user)
        if form.is_valid():
            how = {name: form.cleaned_data[name] for name in ("mode", "minutes")}
            try:
                ballot = counting.open_round(
                    meeting, actor=request.user, admissions=list(form.cleaned_data["items"]), **how
                )
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Refused as refused:
                add_refusal(form, refused)
            else:
                said = (
                    _("Round {n} is open. The members vote on their own pages.")
                    if ballot.electronic
                    else _("Round {n} is open. The tellers enter their counts.")
                )
                messages.success(request, said.format(n=ballot.number))
                return redirect(ballot)
        return self._page(meeting, form, 422)

    def _page(self, meeting: Meeting, form: RoundForm | None, status: int = 200) -> HttpResponse:
        user = self.request.user
        runs = access.runs_meeting(user, meeting)
        opens = access.is_office(user, meeting) and not access.counts_ballots(user, meeting)
        in_session = meeting.status == Meeting.Status.IN_SESSION
        members, committee = arithmetic.members_on_day(meeting), meeting.committee
        rows, held = tallies(meeting, user), under_objection(meeting) if in_session else set()
        left_out = pointless(meeting)
        for row in rows:
            row["held"] = row["admission"].pk in held
        free = counting.undecided(meeting) if in_session else []
        rounds = list(meeting.rounds.order_by("number").prefetch_related("items", "records"))
        known = known_to(user, meeting)
        no_quorum = list(arithmetic.quorum_problems(meeting)) if "lock_results" in left_out else []
        if form is None and opens and in_session and not no_quorum:
            form = RoundForm(meeting_row=meeting, user=user)
        open_to_reader = set(meeting.rounds.visible_to(user).values_list("pk", flat=True))
        context = {
            "object": meeting,
            "form": form,
            "rows": rows,
            "rounds": self._rounds(rounds, open_to_reader, {row["admission"].pk for row in rows}),
            "next_step": next_step.of_session(meeting, rounds, free, known) if in_session else [],
            "who_signs": None if "lock_results" in left_out else who_signs(meeting, user),
            "members": members,
            "in_room": len(arithmetic.in_the_room(meeting)),
            "no_quorum": no_quorum,
            "needed": arithmetic.needed(members, committee.quorum_num, committee.quorum_den),
            "attendees": meeting.attendees.select_related("user").prefetch_related("absences"),
            "undeclared": undeclared(meeting, [row.pk for row in free]) if in_session else [],
            "clerk": access.is_office_clerk(user, meeting),
            "runs": runs,
            "opens": opens,
            "in_session": in_session,
            "over": meeting.status in OVER,
            "open_items": form.fields["items"].queryset.exists() if form else False,  # type: ignore[attr-defined]
            "actions": [
                {"label": row.label, "irreversible": row.irreversible, "name": row.name}
                for row in MEETING.open_to(meeting, user)
                if in_session and row.name not in left_out
            ],
            "papers": [paper for paper in papers_of(meeting, user) if "/minutes/" in paper["url"]],
        }
        return render(self.request, "reviews/meeting/votes.html", context, status=status)

    @staticmethod
    def _rounds(rounds: list[BallotRound], open_to_reader: set[int], known: set[int]) -> list[dict[str, Any]]:
        """Each round the reader may open, with how many persons of it the reader may know of."""
        return [
            {"round": one, "people": sum(item.admission_id in known for item in one.items.all())}
            for one in rounds
            if one.pk in open_to_reader
        ]


class MeetingRoom(VisibleObjectMixin, View):
    """The screen in the room: quorum, and for each number of the roster who is entitled and the pass line; no names,
    no result. ``?state`` answers JSON ``{version}``, which changes with what the screen shows."""

    access = SIGNED_IN
    model = Meeting

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The numbers now."""
        meeting = meeting_for(request, pk, access.is_office | access.reads_all | access.is_observer)
        box.settle(meeting)
        shown = self._shown(meeting)
        version = content_sha256(shown)
        if "state" in request.GET:
            return JsonResponse({"version": version})
        return render(
            request,
            "reviews/meeting/room.html",
            {"object": meeting, "version": version, "over": meeting.status in OVER, **shown},
        )

    def _shown(self, meeting: Meeting) -> dict[str, Any]:
        members, committee = arithmetic.members_on_day(meeting), meeting.committee
        now = meeting.rounds.filter(status=BallotRound.Status.OPEN).values_list("items__admission", "number")
        voting = dict(now)
        rows = [
            {
                "seq": row["admission"].seq,
                "entitled": row.get("entitled"),
                "line": row.get("line"),
                "decided": row["verdict"] is not None,
                "round": voting.get(row["admission"].pk),
            }
            for row in tallies(meeting)
        ]
        in_room = len(arithmetic.in_the_room(meeting))
        needed = arithmetic.needed(members, committee.quorum_num, committee.quorum_den)
        return {"members": members, "in_room": in_room, "needed": needed, "quorum": in_room >= needed, "rows": rows}


class RoundDetail(VisibleDetail):
    """One round: how far the tellers are with each person; numbers only after the seal."""

    access = SIGNED_IN
    model = BallotRound
    workflow = BALLOT_ROUND
    do_url = "reviews:round-do"
    template_name = "reviews/meeting/round.html"

    def get_queryset(self) -> Any:
        """With the meeting."""
        return super().get_queryset().select_related("meeting__committee", "opened_by", "confirmed_by")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Seal what is due; a member whose vote is asked for is led to the own sheet."""
        ballot = BallotRound.objects.filter(pk=kwargs["pk"]).select_related("meeting").first()
        if ballot is not None and ballot.electronic:
            box.settle(ballot.meeting)
            if not self.get_queryset().filter(pk=ballot.pk).exists() and box.voter_of(ballot, request.user):
                return redirect("reviews:round-ballot", ballot.pk)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The persons of the round."""
        context = super().get_context_data(**kwargs)
        ballot, user = self.object, self.request.user
        counts: dict[int, list[PaperCount]] = {}
        for count in ballot.counts.order_by("teller"):
            counts.setdefault(count.admission_id, []).append(count)
        sealed = ballot.status == BallotRound.Status.SEALED
        items = ballot.items.filter(admission__in=known_to(user, ballot.meeting)).select_related(
            "admission__declaration__applicant", "admission__declaration__standard_version", "admission__verdict"
        )
        own = ballot.meeting.attendees.filter(user=user.pk, role=Attendee.Role.VOTER).first()
        of_the_jury = own and not (access.is_office | access.reads_all)(user, ballot.meeting)
        observes = access.is_observer(user, ballot)
        rows = []
        for item in items.order_by("admission__seq"):
            verdict = getattr(item.admission, "verdict", None) if sealed and not item.void_reason else None
            counted = counts.get(item.admission_id, [])
            row: dict[str, Any] = {"item": item, "stand": arithmetic.compared(counted)}
            if observes and row["stand"] == "differ":
                row["figures"] = arithmetic.figures(counted)
            row["name"] = item.admission.jury_name if of_the_jury else item.admission.declaration.applicant.name
            if verdict is not None:
                row["verdict"] = verdict
                row["needed"] = arithmetic.needed(verdict.present, verdict.pass_num, verdict.pass_den)
            committee = ballot.meeting.committee
            row["line"] = arithmetic.needed(arithmetic.pass_base(ballot, item), committee.pass_num, committee.pass_den)
            rows.append(row)
        context |= {
            "rows": rows,
            "teller": self._teller(),
            **self._counting(rows, counts),
            "own_sheet": self._not_cast_yet(),
            "announced": ballot.records.filter(transition="announce").select_related("actor").first(),
            "voided": ballot.records.filter(transition="void").select_related("actor").first(),
            **self._box(),
            "votes_page": self._votes_page(),
        }
        if ballot.status != BallotRound.Status.OPEN:
            context["what_next"] = next_step.after_the_vote(
                ballot,
                announced=context["announced"] is not None,
                presiding=may_preside(ballot),
                free=counting.undecided(ballot.meeting),
                known=known_to(user, ballot.meeting),
            )
        return context

    def _votes_page(self) -> bool:
        """Whether the reader opens the page of all votes."""
        reads = access.is_office | access.reads_all | access.is_observer
        return bool(reads(self.request.user, self.object.meeting))

    def _not_cast_yet(self) -> bool:
        """Whoever presides votes, too."""
        voter = box.voter_of(self.object, self.request.user)
        return voter is not None and self.object.status == BallotRound.Status.OPEN and not box.tracker_of(voter)

    def _teller(self) -> Attendee | None:
        ballot = self.object
        paper = ballot.status == BallotRound.Status.OPEN and not ballot.electronic
        return counting.teller_of(ballot, self.request.user) if paper else None

    def _counting(self, rows: list[dict[str, Any]], counts: dict[int, list[PaperCount]]) -> dict[str, Any]:
        """An open round on paper: who has still to count, what differs, who confirms; whether the own part is done."""
        ballot = self.object
        if ballot.electronic or ballot.status != BallotRound.Status.OPEN:
            return {}
        live = [row["item"] for row in rows if not row["item"].void_reason]
        parts = ballot.meeting.attendees.filter(role__in=(Attendee.Role.TELLER, Attendee.Role.OBSERVER))
        parts = list(parts.select_related("user").order_by("pk"))
        done = {(count.teller_id, count.admission_id) for many in counts.values() for count in many}
        missing = {
            str(part.user): sum((part.pk, item.admission_id) not in done for item in live)
            for part in parts
            if part.role == Attendee.Role.TELLER
        }
        differ = [row["item"].admission.seq for row in rows if row["stand"] == "differ"]
        observer = next((str(part.user) for part in parts if part.role == Attendee.Role.OBSERVER), "—")
        return {
            # A member of the jury who presides has no part in the counting.
            "what_next": arithmetic.what_next(missing, differ, len(live), observer) if self._votes_page() else [],
            "not_yet": any(missing.values()) or bool(differ),
            "counted_all": not differ and missing.get(str(self.request.user)) == 0,
        }

    def _box(self) -> dict[str, Any]:
        """An electronic round: how many have voted, and for those who run the meeting who has not yet."""
        ballot, user = self.object, self.request.user
        if not ballot.electronic:
            return {}
        turnout = turnout_of(ballot)
        found: dict[str, Any] = {"turnout": turnout, "voters": []}
        if ballot.status != BallotRound.Status.OPEN:
            return found
        found["what_next"] = [next_step.of_box(ballot, voted=turnout["done"], entitled=turnout["total"])]
        found["not_yet"] = turnout["done"] < turnout["total"]
        if (access.is_office | access.is_observer)(user, ballot.meeting):
            found["voters"] = ballot.voters.select_related("member__user", "envelope").order_by("member")
        return found


class RoundTransition(TransitionView):
    """The page of a round's transition; whoever announces reads the results from it."""

    access = SIGNED_IN

    def _summary(self, obj: Any, row: Transition) -> list[tuple[str, str]]:
        known = known_to(self.request.user, obj.meeting)
        if row.name == "seal":
            return counts_of(obj, known)
        return results_of(known.filter(verdict__round=obj)) if row.name == "announce" else []


class RoundCounts(VisibleObjectMixin, View):
    """One teller's sheet: five numbers a person. All filled rows are stored or none; the other's are not shown."""

    access = access.is_teller
    model = BallotRound
    template_name = "reviews/meeting/counts.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The sheet with one's own numbers."""
        ballot = self._round(pk)
        return self._page(ballot, self._rows(ballot))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Store the filled rows."""
        ballot = self._round(pk)
        rows = self._rows(ballot, request.POST)
        filled = [row for row in rows if row["filled"]]
        if not filled:
            return self._page(ballot, rows, [Problem(_("Fill in at least one person."))], 422)
        if not all(row["form"].is_valid() for row in filled):
            return self._page(ballot, rows, status=422)
        failed = False
        try:
            with transaction.atomic():
                for row in filled:
                    try:
                        counting.enter_count(
                            ballot, row["item"].admission, actor=request.user, **row["form"].cleaned_data
                        )
                    except WrongState:
                        raise
                    except NotAllowed as error:
                        raise PermissionDenied(str(error)) from error
                    except Refused as refused:
                        add_refusal(row["form"], refused)
                        failed = True
                if failed:
                    transaction.set_rollback(True)
        except WrongState as error:
            return self._page(ballot, rows, error.problems, 409)
        if failed:
            return self._page(ballot, rows, status=422)
        messages.success(request, _("Your counts are stored: {n} persons.").format(n=len(filled)))
        return redirect(ballot)

    def _round(self, pk: int) -> BallotRound:
        ballot: BallotRound = get_object_or_404(self.get_queryset().select_related("meeting__committee"), pk=pk)
        if counting.teller_of(ballot, self.request.user) is None:
            raise PermissionDenied(_("Only the tellers of this meeting may do this."))
        return ballot

    def _rows(self, ballot: BallotRound, data: Any = None) -> list[dict[str, Any]]:
        own = {c.admission_id: c for c in ballot.counts.filter(teller__user=self.request.user.pk)}
        items = ballot.items.filter(void_reason="").select_related("admission__declaration__applicant")
        rows = []
        for item in items.order_by("admission__seq"):
            count, prefix = own.get(item.admission_id), f"p{item.admission_id}"
            values = {k: getattr(count, k) for k in ("issued", *counting.KINDS)} if count else {"issued": item.roll}
            filled = data is not None and any(data.get(f"{prefix}-{kind}", "").strip() for kind in counting.KINDS)
            form = CountForm(data if filled else None, prefix=prefix, initial=values)
            form.about = item.admission.declaration.applicant.name
            rows.append({"item": item, "form": form, "filled": filled, "stored": count is not None})
        return rows

    def _page(self, ballot: BallotRound, rows: list[Any], problems: Any = (), status: int = 200) -> HttpResponse:
        bad = [row["form"] for row in rows if row["form"].is_bound and row["form"].errors]
        context = {
            "object": ballot,
            "rows": rows,
            "problems": problems,
            "bad_forms": bad,
            "has_errors": bool(bad or problems),
        }
        return render(self.request, self.template_name, context, status=status)
