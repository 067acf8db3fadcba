"""Issuing certificates: two workers as the portal has them against a naive loop, signing alone, memory, size of a file.

Naive is what the manuals show: a fresh stylesheet and font configuration a document, pyHanko's SimpleSigner with its
estimate. Both sides draw the same sheet with the same RSA-2048 key; what is compared is processor time, for the machine
may do other things beside.
"""

import functools
import io
import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from typing import Any
from unittest import mock

from django.conf import settings
from django.test import override_settings

from appraisal_portal.home.benchmark.figures import Figure
from appraisal_portal.home.story.people import photo_jpeg
from appraisal_portal.kernel import files, fonts, signing
from appraisal_portal.kernel.rendering import cff, pdf
from certificates.services import issuing, secrets

ISSUE_AT_LEAST, SIGN_AT_MOST, MEMORY_AT_MOST = 2.5, 0.2, 1.2
MOST_BYTES = 60 * 1024
WORKERS = 2

Work = Callable[[int], bytes]


def printed(n: int) -> dict[str, str]:
    """What one of many sheets says."""
    return {
        "source": "issued", "name": f"叶青{chr(0x677E + n % 200)}", "id_masked": "331102********001X",
        "employer": "丽水市林业科学研究院", "series": "工程技术人员", "title": "高级工程师", "specialty": "森林培育",
        "level": "副高级", "acquired_by": "评审", "committee": "丽水市林业工程技术人员高级职务评审委员会",
        "qualified_on": "2026-05-20", "document_number": "丽人社〔2026〕1号", "number": f"33110020263105109{n:05d}",
        "issuing_body": settings.PORTAL_OWNER_NAME, "issued_on": "2026-05-29", "signed_by": signing.signer_name(),
    }  # fmt: skip


_photo = functools.cache(photo_jpeg)
_face = functools.cache(fonts.simplified_chinese_face)


def _drawn(n: int) -> bytes:
    return issuing.draw(printed(n), _photo(n % 7), token=secrets.new_token(), code=secrets.new_check_code(), seal=None)


def _ours(n: int) -> bytes:
    """Draw, sign and store, as a worker does."""
    sheet = signing.sign(_drawn(n))
    files.store_bytes(sheet, "pdf")
    return sheet


def _simply_signed(sheet: bytes) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415  loaded when needed
    from pyhanko.sign import signers  # noqa: PLC0415
    from pyhanko.sign.fields import SigSeedSubFilter  # noqa: PLC0415

    signer = signers.SimpleSigner.load_pkcs12(
        settings.PORTAL_SIGNING_FILE, passphrase=settings.PORTAL_SIGNING_PASSPHRASE.encode()
    )
    meta = signers.PdfSignatureMetadata(field_name=signing.FIELD, subfilter=SigSeedSubFilter.PADES)
    out = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(sheet)), meta, signer)
    return bytes(out.getbuffer())


def _naive(n: int) -> bytes:
    pdf.forget()
    # WeasyPrint's own cut of the face; the face itself lies ready, as a file would.
    with mock.patch.object(cff, "Uncut", dict), mock.patch.object(fonts, "simplified_chinese_face", _face):
        sheet = _simply_signed(_drawn(n))
    files.store_bytes(sheet, "pdf")
    return sheet


def _worker(work: Work, many: int, ready: Any, out: Any) -> None:
    """Warm up, wait for the others, then make `many`."""
    work(0)
    ready.wait()
    began, wall = time.process_time(), time.monotonic()
    size = max(len(work(n)) for n in range(1, many + 1))
    out.put((time.process_time() - began, time.monotonic() - wall, size))


def _round(work: Work, many: int) -> tuple[float, float, int]:
    """Seconds of processor and of the clock for WORKERS × `many` documents, and the largest file."""
    context = multiprocessing.get_context("fork")
    ready, out = context.Barrier(WORKERS), context.Queue()
    workers = [context.Process(target=_worker, args=(work, many, ready, out)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    told = [out.get(timeout=600) for _worker in workers]
    for worker in workers:
        worker.join()
    return sum(one[0] for one in told), max(one[1] for one in told), max(one[2] for one in told)


def issuing_figures(*, rounds: int, each: int, long: int) -> Iterable[Figure]:
    """`each`: documents of a worker in a round; `long`: documents after which memory is read again."""
    key = {"PORTAL_SIGNING_FILE": str(settings.PORTAL_DATA_DIR / "bench.p12"), "PORTAL_SIGNING_MODULE": "",
           "PORTAL_SIGNING_PASSPHRASE": "bench", "PORTAL_SIGNING_DEMONSTRATION": True,
           "PORTAL_TSA_URL": ""}  # fmt: skip
    with override_settings(**key):
        signing.signer_name()
        _face()
        pairs = [(_round(_naive, max(1, each // 3)), _round(_ours, each)) for _ in range(rounds)]
        per = [(naive[0] / max(1, each // 3) / WORKERS, ours[0] / each / WORKERS) for naive, ours in pairs]
        ratio = statistics.median(naive / ours for naive, ours in per)
        minute = statistics.median(60 * each * WORKERS / ours[1] for _naive, ours in pairs)
        detail = (
            f"{statistics.median(ours for _n, ours in per) * 1000:.0f} ms of processor a certificate drawn, signed and "
            f"stored, {minute:.0f} a minute with {WORKERS} workers; naive {per[0][0] * 1000:.0f} ms"
        )
        yield Figure("issue_of_naive", round(ratio, 2), f">= {ISSUE_AT_LEAST}", ratio >= ISSUE_AT_LEAST, detail)
        yield _signature(rounds=rounds, each=each)
        over = max(ours[2] for _naive, ours in pairs) - max(len(_photo(n)) for n in range(7))
        yield Figure(
            "certificate_beside_photo",
            over,
            f"<= {MOST_BYTES}",
            over <= MOST_BYTES,
            "octets of a file beside its photo",
        )
        yield _memory(long)
    if find_spec("typst"):
        yield _typst(statistics.median(ours for _naive, ours in per))


def _signature(*, rounds: int, each: int) -> Figure:
    sheet = _drawn(1)
    ratios, ours = [], []
    for _turn in range(rounds):
        began = time.process_time()
        for _n in range(each):
            _simply_signed(sheet)
        between = time.process_time()
        for _n in range(each):
            signing.sign(sheet)
        ours.append((time.process_time() - between) / each)
        ratios.append(ours[-1] * each / (between - began))
    ratio = statistics.median(ratios)
    return Figure(
        "signature_of_simple", round(ratio, 3), f"<= {SIGN_AT_MOST}", ratio <= SIGN_AT_MOST,
        f"{statistics.median(ours) * 1000:.1f} ms of processor, RSA-2048",
    )  # fmt: skip


def _resident() -> int:
    """Kilobytes this process holds."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def _grow(many: int, out: Any) -> None:
    for n in range(20):
        _ours(n)
    early = _resident()
    for n in range(20, many):
        _ours(n)
    out.put((early, _resident()))


def _memory(many: int) -> Figure:
    context = multiprocessing.get_context("fork")
    out = context.Queue()
    worker = context.Process(target=_grow, args=(many, out))
    worker.start()
    early, late = out.get(timeout=1800)
    worker.join()
    detail = f"{early // 1024} MB after 20 certificates, {late // 1024} MB after {many}"
    return Figure(
        "worker_memory", round(late / early, 2), f"<= {MEMORY_AT_MOST}", late <= MEMORY_AT_MOST * early, detail
    )


def _typst(ours: float) -> Figure:
    """The distance to typst: the same fields, photograph and face on one page, not signed (extra `bench`)."""
    import typst  # noqa: PLC0415  a yardstick, where it is installed

    def write(n: int) -> None:
        cells = ", ".join(f'"{word}"' for pair in printed(n).items() for word in pair)
        (folder / "sheet.typ").write_text(
            '#set text(font: "Noto Sans CJK SC", size: 12pt)\n#image("photo.jpg", width: 35mm)\n'
            f"#table(columns: (33mm, 85mm), {cells})",
            encoding="utf-8",
        )

    folder = settings.PORTAL_DATA_DIR / "bench-typst"
    folder.mkdir(exist_ok=True)
    (folder / "photo.jpg").write_bytes(_photo(1))
    write(0)
    compiler = typst.Compiler(folder / "sheet.typ", font_paths=[fonts.font_path().parent])
    compiler.compile()
    began = time.process_time()
    for n in range(1, 21):
        write(n)  # what is compiled twice comes from its memory
        compiler.compile()
    each = (time.process_time() - began) / 20
    return Figure(
        "issue_of_typst", round(ours / each, 1), None, True,
        f"typst lays out the same fields in {each * 1000:.1f} ms, unsigned, untagged, not stored",
    )  # fmt: skip
