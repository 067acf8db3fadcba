"""The applicant: registers, asks the unit, fills every section, signs, hands in, answers a supplement."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core import mail

from appraisal_portal.home.story.city import PASSWORD
from appraisal_portal.home.story.people import Someone, evidence_pdf, photo_jpeg
from tests.journeys.steps.desk import Desk, words

YEARS = (2023, 2024, 2025)
FIELD = "森林培育"


@dataclass
class Papers:
    """Files on the disk of the applicant."""

    folder: Path

    def pdf(self, title: str) -> Path:
        """A scanned paper with this heading."""
        path = self.folder / f"{title}.pdf"
        path.write_bytes(evidence_pdf(f"{title}\n（复印件）"))
        return path

    def photo(self, seed: int) -> Path:
        """A portrait."""
        path = self.folder / "证件照.jpg"
        path.write_bytes(photo_jpeg(seed))
        return path

    def no_photo(self) -> Path:
        """A text that calls itself a photograph."""
        path = self.folder / "不是照片.jpg"
        path.write_text("这不是照片", encoding="utf-8")
        return path


def other_digit(number: str) -> str:
    """The same ID number with a check character that cannot be."""
    return number[:-1] + ("1" if number[-1] != "1" else "2")


def sent_code(address: str) -> str:
    """The code in the last message to the address."""
    message = next(m for m in reversed(mail.outbox) if address in m.to)
    found = re.search(r"\d{6}", message.subject + message.body)
    assert found
    return found.group()


def register(desk: Desk, who: Someone) -> None:
    """With a wrong digit first; then the code from the e-mail, then the log-in."""
    desk.open("/account/register/").seen("register")
    typed = {
        "name": who.name, "id_number": other_digit(who.id_number), "channel": "email", "address": who.email,
        "password1": PASSWORD, "password2": PASSWORD, "agreed": True,
    }  # fmt: skip
    desk.fill(**typed).press("Send me the code", 422)
    desk.told("id_number").seen("register-wrong-digit")
    assert desk.value("name") == who.name
    assert desk.value("address") == who.email
    desk.fill(id_number=who.id_number, password1=PASSWORD, password2=PASSWORD, agreed=True).press("Send me the code")
    desk.seen("register-code")
    desk.fill(code=sent_code(who.email)).press("Finish the registration").seen("register-done")
    desk.login = who.email
    desk.follow("Log in").seen("login")
    desk.log_in()


def ask_unit(desk: Desk, unit: str) -> None:
    """Ask the unit to confirm the employment."""
    desk.open("/account/employments/").seen("no-employment")
    desk.follow("Choose my work unit").seen("employment-new")
    desk.fill(unit=unit, post="技术员", starts_on="2015-08-01").press("Ask the unit to confirm")
    desk.says(unit).seen("employment-asked")


def start(desk: Desk, unit: Any, title: str = "工程师") -> int:
    """A new declaration by the regular way; its key."""
    desk.open("/my/").seen("list-empty")
    desk.follow("Start a declaration").seen("new")
    radio = desk.main.locator('[name="unit"]')
    if radio.first.get_attribute("type") == "radio":
        desk.fill(unit=str(unit.pk))
    choose(desk, "title", title)
    choose(desk, "subfield", "林业")
    desk.fill(channel="regular", specialty=FIELD).press("Create")
    return desk.number()


def choose(desk: Desk, name: str, beginning: str) -> None:
    """The option whose words begin so."""
    option = desk.main.locator(f'[name="{name}"] option', has_text=re.compile(rf"^\s*{beginning}")).first
    desk.main.locator(f'[name="{name}"]').select_option(option.get_attribute("value"))


PERSON = {
    "ethnicity": "汉族", "birthplace": "浙江龙泉", "work_started_on": "2014-08-01", "current_post": "技术员",
    "current_post_since": "2014-08-01", "current_specialty": FIELD, "specialty_years": "11",
    "file_kept_at": "龙泉市凤阳山林场",
    "foreign_language": "英语四级", "staff_kind": "staff", "retired": "false", "under_punishment": "false",
}  # fmt: skip
EDUCATION = {
    "educations-0-level": "bachelor", "educations-0-degree": "bachelor", "educations-0-school": "浙江农林大学",
    "educations-0-major": "林学", "educations-0-finished_on": "2014-06-30",
}  # fmt: skip
TITLE = {
    "held_titles-0-level": "assistant", "held_titles-0-name": "助理工程师", "held_titles-0-series": "工程技术",
    "held_titles-0-obtained_on": "2015-12-20",
    "held_titles-0-authority": "龙泉市人力资源和社会保障局", "held_titles-0-appointed_on": "2015-12-20",
}  # fmt: skip
HOURS = {
    f"y{year}-{kind}": n
    for year in YEARS
    for kind, n in (("professional", "66"), ("industry", "12"), ("general", "18"))
}
EXPERIENCE = {
    "work_history-0-starts_on": "2014-08-01", "work_history-0-unit_name": "龙泉市凤阳山林场",
    "work_history-0-post": "技术员", "work_history-0-work": "从事森林培育技术工作",
}  # fmt: skip
ACHIEVEMENT = {
    "kind": "project", "title": "凤阳山毛竹丰产示范林建设", "role": "技术负责人", "rank": "1/6",
    "reached_on": "2023-11-15", "level": "市级",
}  # fmt: skip
REPRESENTATIVE = {
    "representative_title": "高海拔林区杉木大径材培育技术", "representative_role": "主要完成人",
    "representative_text": "围绕高海拔林区杉木大径材培育，完成样地布设、间伐试验和推广应用，三年推广二千余亩。",
}  # fmt: skip
QUESTIONS = {
    "answer_performance": "主持示范林建设，推广面积二千余亩，成活率达到百分之九十五。",
    "answer_problem": "解决了高海拔林区造林成活率低的问题：改裸根苗为容器苗，雨季前栽植。",
}  # fmt: skip


def fill_everything(desk: Desk, pk: int, papers: Papers, seed: int) -> None:
    """Every section in the order of the form, each saved with "Save and continue"."""
    desk.open(f"/my/declarations/{pk}/person/").seen("section-person")
    desk.fill(**PERSON).press("Save and continue").seen("section-education")
    desk.fill(**EDUCATION).press("Save and continue").seen("section-title")
    desk.fill(**TITLE).press("Save and continue").seen("section-hours")
    desk.fill(**HOURS).press("Save and continue").seen("section-experience")
    desk.fill(**EXPERIENCE).press("Save and continue").seen("section-assessments")
    desk.fill(**{f"y{year}-result": "qualified" for year in YEARS}).press("Save and continue").seen(
        "section-achievements"
    )
    achievement(desk, papers)
    desk.press("Save and continue").seen("section-representative")
    desk.fill(**REPRESENTATIVE, proof=papers.pdf("代表作")).press("Save and continue").seen("section-questions")
    desk.fill(**QUESTIONS).press("Save and continue").seen("section-attachments")
    desk.fill(file_diploma=papers.pdf("学历证书"), file_hours=papers.pdf("继续教育学时证明")).press("Save and continue")
    desk.seen("section-photo")
    desk.fill(photo=papers.photo(seed)).press("Save and continue")


def achievement(desk: Desk, papers: Papers, place: int = 0) -> None:
    """One row with its proof, not yet saved."""
    row = {f"achievements-{place}-{name}": value for name, value in ACHIEVEMENT.items()}
    desk.fill(**row, **{f"achievements-{place}-proof": papers.pdf("业绩证明")})


def sign_and_submit(desk: Desk, pk: int) -> str:
    """2-9 with the password (a wrong one first), then check and hand in; the number on the receipt."""
    desk.open(f"/my/declarations/{pk}/").seen("tasks")
    desk.open(f"/my/declarations/{pk}/undertaking/").seen("undertaking")
    desk.fill(password="wrong-password").press("Sign", 422)
    desk.told("password")
    desk.fill(password=desk.password).press("Sign").seen("check")
    desk.press("Submit declaration").seen("receipt")
    found = re.search(r"\d{4}-\d{4}", desk.text())
    assert found, desk.text()
    return found.group()


def correct(desk: Desk, pk: int, papers: Papers) -> None:
    """Answer the supplement notice with another attachment."""
    desk.open(f"/my/declarations/{pk}/fix/").seen("fix")
    desk.go(words("Attachments")).seen("fix-attachments")
    desk.fill(file_hours=papers.pdf("继续教育登记证明")).press("Save and continue")
    desk.open(f"/my/declarations/{pk}/fix/").press("Send the supplement").seen("progress")
