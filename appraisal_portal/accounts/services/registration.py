"""Registration, proof of an address, forgotten password: the same work and answer for known and unknown persons."""

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import ContactProof, Membership, Person, User
from appraisal_portal.accounts.services.memberships import grant
from appraisal_portal.kernel import clock, identity, names, outbox

CODE_DIGITS = 6
CODE_ATTEMPTS = 5


def code_hash(proof: ContactProof, code: str) -> str:
    """Keyed hash of a code; the key is the site's secret, so a leaked table alone opens nothing."""
    return salted_hmac("accounts.contact-code", f"{proof.pk}:{code}", algorithm="sha256").hexdigest()


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def ask_for_code(
    purpose: str, channel: str, address: str, *, user: User | None = None, from_address: str | None = None
) -> ContactProof:
    """A proof whose code the outbox will make and send: the code never stands in a row, only its hash."""
    with transaction.atomic():
        proof = ContactProof.objects.create(
            purpose=purpose, channel=channel, address=address, user=user, from_address=from_address
        )
        outbox.put("contact_code", f"accounts_contactproof:{proof.pk}", {"proof": proof.pk})
    return proof


def check_code(proof: ContactProof, code: str) -> bool:
    """Whether the code is right: unused, not older than allowed, at most five tries. A right one is used up."""
    oldest = clock.now() - dt.timedelta(minutes=settings.PORTAL_CODE_MINUTES)
    # Counted before compared, in one statement: parallel guesses share the five tries.
    counted = ContactProof.objects.filter(
        pk=proof.pk, used_at__isnull=True, attempts__lt=CODE_ATTEMPTS, asked_at__gte=oldest
    ).update(attempts=F("attempts") + 1)
    proof.refresh_from_db()
    if not counted or not proof.code_hash or not constant_time_compare(proof.code_hash, code_hash(proof, code)):
        return False
    return bool(ContactProof.objects.filter(pk=proof.pk, used_at__isnull=True).update(used_at=clock.now()))


def register_person(data: Mapping[str, Any]) -> User | None:
    """The account of somebody who proved an address; None when person or address are known (their owner is told).

    ``data``: name, id_kind, id_number, birth_date (ISO or None), gender, channel, address, password (hash), language.
    """
    with transaction.atomic():
        owners = _owners(data)
        if not owners:
            try:
                with transaction.atomic():
                    return _create(data)
            except IntegrityError:  # somebody registered the same between the look and the write
                owners = _owners(data)
        for owner in owners:
            outbox.put_message(
                owner,
                key=f"accounts_user:{owner.pk}:registration:{clock.today()}",
                subject=_("Somebody tried to register with your data"),
                body=_(
                    "A registration used your document number or your address. Nothing was changed. If it was you: log "
                    "in, or use “Forgotten password”. If not, you need not do anything."
                ),
            )
    return None


def _owners(data: Mapping[str, Any]) -> list[User]:
    known = Q(username=User.normalise_username(data["address"])) | Q(
        person__id_kind=data["id_kind"], person__id_number=identity.normalise_id_number(data["id_number"])
    )
    return list(User.objects.filter(known).distinct().order_by("pk"))


def _create(data: Mapping[str, Any]) -> User:
    name, number = names.normalise_name(data["name"]), identity.normalise_id_number(data["id_number"])
    born, gender = data.get("birth_date"), data.get("gender")
    if data["id_kind"] == Person.IdKind.RESIDENT:
        facts = identity.parse_id_number(number)
        born, gender = facts.birth_date, facts.gender
    address, by_email = data["address"], data["channel"] == ContactProof.Channel.EMAIL
    contact = {"email": address if by_email else "", "phone": "" if by_email else address}
    user = User(
        username=User.normalise_username(address),
        full_name=name,
        password=data["password"],
        language=data.get("language") or User.Language.CHINESE,
        **contact,
    )
    user.save()
    person = {"name": name, "id_kind": data["id_kind"], "id_number": number, "birth_date": born, "gender": gender}
    unclaimed = Person.objects.filter(user__isnull=True, id_kind=data["id_kind"], id_number=number, name=name).first()
    if unclaimed is not None:
        unclaimed.user = user
        unclaimed.save(update_fields=["user"])
    else:
        Person.objects.create(user=user, **person, **contact)
    grant(user, Membership.Role.APPLICANT, None, by=None, reason="registration")
    return user


def change_contact(user: User, proof: ContactProof) -> bool:
    """Put a proved address in place, as login name too where the old one was. False when another account uses it."""
    address, by_email = proof.address, proof.channel == ContactProof.Channel.EMAIL
    field = "email" if by_email else "phone"
    old = getattr(user, field)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        wanted = User.normalise_username(address)
        if User.objects.exclude(pk=user.pk).filter(username=wanted).exists():
            return False
        if old and locked.username == User.normalise_username(old):
            locked.username = wanted
        setattr(locked, field, address)
        locked.save(update_fields=[field, "username"])
        Person.objects.filter(user=user).update(**{field: address})
    return True


def ask_for_reset(typed: str) -> None:
    """A reset message for the owner of this login name, e-mail or document number; for nobody a row without effect."""
    name, number = User.normalise_username(typed), identity.normalise_id_number(typed)
    found = (
        User.objects.active()
        .filter(Q(username=name) | Q(email__iexact=name) | Q(person__id_number=number))
        .order_by("pk")
        .first()
    )
    with transaction.atomic():
        outbox.put("password_reset", f"reset:{secrets.token_hex(8)}", {"user": found.pk if found else None})
