"""The public check of one certificate, and its limits, judged in PostgreSQL (trust.md §4)."""

import datetime as dt
import ipaddress
import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import connection

from appraisal_portal.kernel import clock, prepared, publiclog
from appraisal_portal.kernel.models import LogEntry, LogHead
from certificates.models import Certificate, CertificateVersion, Disclosure, IssueItem, Lookup
from certificates.services import disclosures, public_log, secrets, sources


@dataclass(frozen=True)
class Verdict:
    """What the public may know: no identity number, no birth date; unit and photograph as the holder wants it."""

    state: str  # valid | revoked | superseded
    source: str  # Certificate.Source; "exam", "archive": authority and number of the certificate that was registered
    # stand in for committee and approval number
    number: str
    name: str
    title: str
    series: str
    specialty: str
    level: str
    committee: str
    qualified_on: dt.date
    issuing_body: str
    issued_on: dt.date
    document_number: str
    revoked_on: dt.date | None
    version: int
    corrected_on: dt.date | None  # the day this version was printed, of a second or later one
    replaced_on: dt.date | None  # of a superseded version: the day another took its place, and the one in force now
    version_in_force: int | None
    logged_as: int | None  # its place in the public log, None for the minute before it is logged
    proof_ticket: str  # opens its proof for an hour to whom the verdict was shown
    log_head: publiclog.Head | None  # the newest daily one
    employer: str  # at the time of issue; empty unless the holder shows it
    photo_ticket: str  # opens the photograph for an hour; empty unless the holder shows it
    version_key: int  # of the row: its place in the status lists; not shown


TICKET = dt.timedelta(hours=1)
_PROOF = "certificates.proof"
_PHOTO = "certificates.photo"

# Two statements, written out and prepared once a connection: most questions to a public address are guesses, and the
# first one answers them from an index of numbers alone; what the sheet shows is read for those that exist, and there
# the whole hash is compared. Joined to one another they cost PostgreSQL three times as much, and the ORM doubles that
# (docs/performance.md).
_KEYS = {"token_sha256": "token_key", "lookup_hmac": "lookup_key"}
FIND = {
    column: f"SELECT id FROM {CertificateVersion._meta.db_table} WHERE {key} = $1"  # noqa: S608 - names only
    for column, key in _KEYS.items()
}
"""By column: the key of the version whose hash in it begins like this."""
READ = {
    column: "SELECT v.snapshot, v.version, v.superseded_at, c.number, c.status, c.revoked_on, "  # noqa: S608
    "e.place, h.day, h.size, h.root, "
    f"(SELECT array_agg(d.what) FROM {Disclosure._meta.db_table} d "
    "WHERE d.certificate_id = c.id AND d.status = 'shown'), c.id, "
    f"CASE WHEN v.superseded_at IS NOT NULL THEN (SELECT n.version FROM {CertificateVersion._meta.db_table} n "
    "WHERE n.certificate_id = c.id AND n.superseded_at IS NULL) END "
    f"FROM {CertificateVersion._meta.db_table} v JOIN {Certificate._meta.db_table} c ON c.id = v.certificate_id "
    f"LEFT JOIN {LogEntry._meta.db_table} e ON e.kind = '{public_log.CERTIFICATE}' AND e.subject_id = v.id "
    f"LEFT JOIN LATERAL (SELECT * FROM {LogHead._meta.db_table} ORDER BY day DESC LIMIT 1) h ON true "
    f"WHERE v.id = $1 AND v.{column} = $2"
    for column in _KEYS
}
"""By column: all a verdict tells, by the key of a version whose hash in it is this."""
_PREPARE = {
    **{f"find_{column}": f"PREPARE find_{column} (bigint) AS {find}" for column, find in FIND.items()},
    **{f"read_{column}": f"PREPARE read_{column} (bigint, varchar) AS {read}" for column, read in READ.items()},
}


def by_token(token: str) -> Verdict | None:
    """The certificate version whose QR code carries this token."""
    if len(token) != secrets.TOKEN_LENGTH:
        return None
    return by_token_hash(secrets.token_hash(token))


def by_token_hash(digest: str) -> Verdict | None:
    """The same by what is stored of the token: for a file that was found to be ours."""
    return _verdict(token_sha256=digest)


def by_hand(number: str, name: str, code: str) -> Verdict | None:
    """The certificate of which number, name and check code all three are right."""
    return _verdict(lookup_hmac=secrets.lookup_hmac(number, name, code))


def _verdict(**key: str) -> Verdict | None:
    [(column, digest)] = key.items()
    with connection.cursor() as cursor:
        found = _one(cursor, f"find_{column}", secrets.key_of(digest))
        row = found and _one(cursor, f"read_{column}", *found, digest)
    if found is None or row is None:
        return None
    [version_key] = found
    (printed, version, superseded_at, number, status, revoked_on, place, day, size, root, shows, certificate,
     in_force) = row  # fmt: skip
    printed = json.loads(printed)
    state = "revoked" if status == "revoked" else "superseded" if superseded_at else "valid"
    return Verdict(
        state=state,
        source=printed.get("source", Certificate.Source.ISSUED),
        number=number,
        name=printed["name"],
        title=printed["title"],
        series=printed["series"],
        specialty=printed["specialty"],
        level=printed["level"],
        committee=printed["committee"],
        qualified_on=dt.date.fromisoformat(printed["qualified_on"]),
        issuing_body=printed["issuing_body"],
        issued_on=dt.date.fromisoformat(printed["issued_on"]),
        document_number=printed["document_number"],
        revoked_on=revoked_on,
        version=version,
        corrected_on=dt.date.fromisoformat(printed["corrected_on"]) if "corrected_on" in printed else None,
        replaced_on=clock.local(superseded_at).date() if superseded_at else None,
        version_in_force=in_force,
        logged_as=place,
        proof_ticket="" if place is None else signing.dumps(version_key, salt=_PROOF),
        log_head=publiclog.Head(size, root, day) if day else None,
        employer=printed["employer"] if Disclosure.What.EMPLOYER in (shows or ()) else "",
        photo_ticket=signing.dumps(certificate, salt=_PHOTO) if Disclosure.What.PHOTO in (shows or ()) else "",
        version_key=version_key,
    )


def _one(cursor: Any, name: str, *values: str | int) -> tuple[Any, ...] | None:
    places = ", ".join(["%s"] * len(values))
    prepared.execute(cursor, {name: _PREPARE[name]}, f"EXECUTE {name} ({places})", values)
    return cursor.fetchone()  # type: ignore[no-any-return]


def proof(ticket: str) -> dict[str, Any] | None:
    """The inclusion proof of the certificate somebody was just shown; None for a ticket that is none or too old."""
    try:
        version = signing.loads(ticket, salt=_PROOF, max_age=TICKET)
    except signing.BadSignature:
        return None
    entry = publiclog.entry_of(public_log.CERTIFICATE, version)
    return publiclog.proof(entry) if entry else None


def photo(ticket: str) -> bytes | None:
    """The photograph of the certificate somebody was just shown, as long as its holder still shows it. Raises
    DamagedFile."""
    try:
        key = signing.loads(ticket, salt=_PHOTO, max_age=TICKET)
    except signing.BadSignature:
        return None
    certificate = Certificate.objects.get(pk=key)
    item = IssueItem.objects.filter(number=certificate.number).first()
    if item is None or not disclosures.is_shown(certificate, Disclosure.What.PHOTO):
        return None
    return sources.photo(item)


def refused_until(*, address: str, number: str) -> dt.datetime | None:
    """Count this attempt; None when it is to be answered, else the moment from which the next one is: the address has
    used up its hour or the number its day.

    Both counters are raised whatever the answer, so that the limit itself tells nothing about a number.
    """
    hour, hour_over, day, day_over = _windows()
    windows = [
        ("address", secrets.keyed_hash(_line(address)), hour),
        ("number", secrets.keyed_hash(secrets.plain(number)), day),
    ]
    seen = _count(windows)
    limits = [
        ("address", settings.PORTAL_LOOKUPS_PER_ADDRESS, hour_over),
        ("number", settings.PORTAL_LOOKUPS_PER_NUMBER, day_over),
    ]
    return max((over for scope, most, over in limits if seen[scope] > most), default=None)


def file_refused_until(address: str) -> dt.datetime | None:
    """The same of a file somebody has checked: of these only the address is counted."""
    hour, hour_over, *_day = _windows()
    seen = _count([("file", secrets.keyed_hash(_line(address)), hour)])["file"]
    return hour_over if seen > settings.PORTAL_LOOKUPS_PER_ADDRESS else None


def _windows() -> tuple[str, dt.datetime, str, dt.datetime]:
    """The hour and the day that count now, each with the moment it is over."""
    moment = clock.local(clock.now())
    next_hour = moment.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    return moment.strftime("%Y-%m-%dT%H"), next_hour, moment.strftime("%Y-%m-%d"), clock.end_of_day(moment.date())


def _line(address: str) -> str:
    """What counts as one address: of IPv6 the network a subscriber is given (/64), which holds more addresses than
    anybody could count."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])  # a link-local one names its interface behind
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped:  # a socket for both kinds writes IPv4 so; all of them are one /64
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


def forget_attempts() -> int:
    """Delete the counters of days that are over. Returns how many."""
    yesterday = clock.today() - dt.timedelta(days=1)
    return Lookup.objects.filter(window_key__lt=yesterday.isoformat()).delete()[0]


def _count(windows: list[tuple[str, str, str]]) -> dict[str, int]:
    """Raise the counters (scope, key, window) by one and return them by scope; always locked in the same order."""
    table = connection.ops.quote_name(Lookup._meta.db_table)
    rows = ", ".join(["(%s, %s, %s, 1)"] * len(windows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS seen (scope, key_hash, window_key, attempts) VALUES {rows} "  # noqa: S608 - names only
            "ON CONFLICT (scope, key_hash, window_key) DO UPDATE SET attempts = seen.attempts + 1 "
            "RETURNING scope, attempts",
            [value for window in windows for value in window],
        )
        return dict(cursor.fetchall())
