"""Values decided by operations or known only as habit (domain.md: K background knowledge, D our decision).

What a published document fixes stands in `appraisal_portal/law.py`; what an office decides for its series or year is a
field of a row. Pages never quote a value of this file as a rule.
"""

# Region and bodies
PORTAL_CITY_CODE = "331100"
"""行政区划代码 of the city, the first six characters of a certificate number."""
PORTAL_SITE_NAME = "丽水市职称评审管理服务平台"
PORTAL_SITE_NAME_EN = "Lishui professional title appraisal"
PORTAL_OWNER_NAME = "丽水市人力资源和社会保障局"
PORTAL_OWNER_NAME_EN = "Lishui Municipal Bureau of Human Resources and Social Security"
"""Who runs the site, in the header and the footer; pages in English show the second of each pair."""

# Periods, in working days unless said otherwise
PORTAL_SUPPLEMENT_DAYS = 5
"""一次性告知补正: default of a plan line's reply window (D)."""
PORTAL_ARRIVAL_GRACE_SECONDS = 60
"""补正: so long after 24:00 of its last day a reply that arrived in time may still be being stored; nobody is deemed to
have given up before (D)."""
PORTAL_ACCEPTANCE_DAYS = 3
"""受理: the office tells all defects at once within this many days (D)."""
PORTAL_UNIT_PUBLICITY_DAYS = 5
"""单位公示: default of a plan line; the 2018 notice gives no length (K, later texts)."""
PORTAL_RESULT_PUBLICITY_DAYS = 5
"""评审结果公示: default of a plan line; the 2018 notice gives no length (K, later texts)."""
PORTAL_PRE_REVIEW_DAYS = 5
"""评前公示: default of a plan line for the list of persons before the meeting; 0 foresees none. The 2018 notice names
the publicity before the appraisal and gives no length (D)."""
PORTAL_OBJECTION_TAKE_ON_DAYS = 3
"""异议受理: the office takes an objection on or records it within this many working days; shown, nothing lapses (D)."""
PORTAL_OBJECTION_CHECK_DAYS = 10
PORTAL_OBJECTION_COMPLEX_DAYS = 30
"""异议核查: a check takes 10 working days, a complex one 30 (one secondary source)."""
PORTAL_OBJECTIONS_PER_ADDRESS = 20
PORTAL_OBJECTION_FILES = 5
"""异议: how many one address may send in within 24 hours, and how many files go with one (D)."""
PORTAL_EXPORT_KEEP_DAYS = 7
"""Calendar days after which a prepared download expires."""

# Rules whose reading is open
PORTAL_EDUCATION_HOURS_EACH = False
"""继续教育: the 18 hours of industry and general demand count jointly; True demands them of each (R-11)."""
PORTAL_COUNTED_YEARS = 3
"""继续教育, 年度考核: how many years before the review year are asked for (R-11: one notice of another city)."""
PORTAL_BAN_SAME_LEVEL = True
"""弄虚作假: the three-year ban also covers another declaration at the same level (R-12, D)."""
PORTAL_PRELIMINARY_BY_VOTE = False
"""初定, 确认: whether a new plan line leaves determination and confirmation to the committee's vote (R-21, K)."""
PORTAL_DETERMINATION = {
    "secondary": ("technician", 1),
    "college": ("assistant", 3),
    "bachelor": ("assistant", 1),
    "master": ("intermediate", 3),
    "doctor": ("intermediate", 0),
}
PORTAL_DETERMINATION_ASSISTANT_YEARS = 2
"""初定: education → level reached and years since graduation (R-20, not found for this province); a master who holds
the assistant title needs so many years in it instead."""
PORTAL_AGENCY_COUNTS_AS = "enterprise"
"""人事代理: where committees differ by kind of employer, people whom a talent agency declares for are looked for under
this kind; most come from private businesses (D)."""
PORTAL_TRANSFER_YEARS = 1
"""转评: years in the new post before going up a level (R-23)."""
PORTAL_QUORUM = (2, 3)
"""出席: fraction of the committee that must be present (K; Order 40 Art. 20 where it is in force)."""
PORTAL_PASS_COUNTS_RECUSED = False
"""通过线: counts the members entitled to vote on a person; True counts all in the room, the recused too (R-06)."""
PORTAL_PANEL_MEMBERS = 3
"""专业组: members a panel must have in the room when the meeting opens (K, no text found)."""
PORTAL_SCORE_DROP = 0
"""量化评分: how many of the highest and of the lowest sheets an average leaves out, while three remain (D)."""
PORTAL_BALLOT_MINUTES = 30
"""电子投票: how long a round stays open unless the clerk says otherwise (D)."""
PORTAL_CORRECTION_REMINDER_DAYS = 2
"""催办: working days before the day of a supplement notice or of a unit's return on which a reminder goes out (D)."""
PORTAL_ORIGINALS_DAYS = 10
"""退还原件: originals are back so many working days after the case is over; the notice says "timely" (D)."""
PORTAL_AUTONOMOUS_REMINDERS = (30, 7, 1)
"""自主评聘: so many days before the last day of plan and results the unit is reminded (D)."""
PORTAL_SUPERVISION_REMINDERS = (7, 1)
"""评审督查: so many days before the day by which findings are mended the committee's office is reminded (D)."""
PORTAL_SPOT_CHECK_SHARE = 5
PORTAL_SPOT_CHECK_MINIMUM = 1
"""抽查: percent of the population and smallest number of each series that a new spot check proposes; the notice says
that the bureau samples "in a timely manner" and gives no number (D)."""
PORTAL_SPOT_CHECK_DAYS = 10
PORTAL_RE_EXAMINATION_DAYS = 5
"""抽查: working days from the draw to the last finding, and from the order to the end of the re-examination (D)."""
PORTAL_STATEMENT_DAYS = 5
PORTAL_HEARING_NOTICE_DAYS = 5
"""弄虚作假: working days person and unit have for a statement, and by which a hearing is named before its day (D)."""
PORTAL_UNDO_MINUTES = 10
"""How long whoever decided about the qualification can take it back (D)."""
PORTAL_RECHECKS = 1
PORTAL_RECHECK_DAYS = 5
"""资格审查复核: how often an applicant may ask for a recheck, and within how many working days of the finding (D)."""
PORTAL_REPLY_PREFIX = "丽人社评"
"""批复文号: what stands before the year in the number of the reply to a meeting application (D)."""
PORTAL_RECORD_PREFIX = "丽人社备"
"""自主评聘备案号: what stands before the year in the number of filed results (D)."""
PORTAL_ENTRUSTMENT_PREFIX = "丽人社委"
"""委托评审函文号: what stands before the year in the number of a letter of entrusted appraisal (D)."""
PORTAL_RECUSE_SAME_UNIT = True
"""回避: a member of the applicant's own unit stands back from that person (trust.md §2.3)."""

# Committees and plans
PORTAL_TERM_YEARS = 3
"""评委会届: longest term of a committee (R-08, one secondary source)."""
PORTAL_EXPERT_TERM_YEARS = 3
"""专家聘期: longest term of an expert in the pool (R-08, one secondary source)."""
PORTAL_RULE_SETS = {
    "2018": {"from": "2018-01-01", "to": "2019-08-31", "odd": False, "members": {}},
    "2019": {
        "from": "2019-09-01",
        "to": None,
        "odd": True,
        "members": {"technician": 7, "assistant": 7, "intermediate": 7, "associate_senior": 11, "senior": 11},
    },
}
"""规则集 a cycle runs under: its days, and the size of a committee by specialty for its highest level (R-07, R-07b).
In 2018 only the committee's own smallest number counts: the provincial sizes of that time were not found."""

PORTAL_PERFORMANCE_MAIN = True
"""业绩为主: the self-scoring sheet of a standard names one group of performance that weighs more than every other one.
That performance is the main weight stands in the notice; measuring it by the largest group is our reading (D)."""

# Uploads (trust.md §5.2)
PORTAL_ATTACHMENT_BYTES = 10 * 1024 * 1024
PORTAL_PHOTO_BYTES = 2 * 1024 * 1024
PORTAL_PHOTO_ZIP_BYTES = 200 * 1024 * 1024  # unpacked, all of a list together
PORTAL_ROSTER_BYTES = 2 * 1024 * 1024
PORTAL_DECLARATION_FILES = 60
PORTAL_DECLARATION_BYTES = 200 * 1024 * 1024
PORTAL_KEPT_FILES = 20
PORTAL_KEPT_BYTES = 250 * 1024 * 1024  # one list with its photographs, and what else is on a page
PORTAL_KEPT_FILES_OF_VISITORS = 200
PORTAL_KEPT_FILE_HOURS = 8
"""Good files of a refused form wait so long for the next try; so many of one account, browser or address (so many bytes
of one account or browser), and so many of all visitors together (D)."""
PORTAL_PHOTO_SIZE = (358, 441)
"""Stored photograph in pixels, width and height."""
PORTAL_PHOTO_RATIO = (1.20, 1.45)
"""Accepted height : width of an uploaded photograph."""

PORTAL_SCANNER = ""
"""Dotted path of ``scan(path)`` → "clean", "infected" or "unscanned"; empty: ClamAV where ``PORTAL_CLAMD`` is set."""
PORTAL_CLAMD = ""
"""Where ClamAV listens: path of its socket or ``host:port`` (environment: CLAMD). Empty: no scanner."""
PORTAL_CLAMD_SECONDS = 10
"""So long an upload waits for the scanner; then the file is stored unscanned."""
PORTAL_SCAN_WAIVED = True
"""Without a scanner files count as waived; False leaves them unscanned, for their owner's eyes only."""

PORTAL_CHANGES_DAYS = 3
"""Working days within which the unit should confirm what a supplement changed; the office waits, nothing lapses."""

# Public verification (trust.md §4)
PORTAL_LOOKUPS_PER_ADDRESS = 10
"""Answered certificate look-ups by number for one address in an hour."""
PORTAL_LOOKUPS_PER_NUMBER = 20
"""Answered certificate look-ups for one number in a day."""

# Certificates
PORTAL_SAMPLE_MARK = True
"""样张: certificates carry a watermark; production switches it off."""

PORTAL_SEAL_PIXELS = (300, 480)
"""印章图样: least side of the picture the bureau uploads, and the side it is made smaller to (D)."""
PORTAL_UNIT_SEAL_PIXELS = (300, 480)
"""The same of a work unit's seal, printed 40 mm wide on 2-9 (D)."""
PORTAL_UNIT_SEAL_RATIO = 2.0
"""How many times longer than the other one side of its picture may be: round and oval seals, not a page (D)."""
PORTAL_UNIT_SEAL_WORKING_DAYS = 5
"""Working days within which the bureau decides about a unit's seal; messages and pages name the day (D)."""
PORTAL_SIGNING_DEMONSTRATION = False
"""True makes a key of an authority called "demonstration" where there is none: demonstration and tests only."""
PORTAL_CREDENTIAL_DEMONSTRATION = False
"""True makes a key for credentials where there is none: demonstration and tests only."""
PORTAL_TSA_SECONDS = 10
PORTAL_TSA_PAUSE_SECONDS = 60
"""电子签名: so long a certificate waits for a time stamp, and so long after a failure nobody asks again (D)."""

# Deliveries
PORTAL_OUTBOX_ATTEMPTS = 5
PORTAL_REAL_MAIL = False
"""True sends mail through EMAIL_URL; False only records it (the demo shows it on a page)."""

# Accounts (trust.md §0; MLPS profile)
PORTAL_LOGIN_MINUTES = 15
PORTAL_LOGINS_PER_ACCOUNT = 10
PORTAL_LOGINS_PER_ADDRESS = 60
"""Attempts to log in, register or reset within that time; a whole office may share one address."""
PORTAL_CODE_MINUTES = 15
"""How long the code that proves an e-mail address or telephone number is valid."""
PORTAL_STAFF_PASSWORD_DAYS = 90
"""Staff change their password this often; 0 never. Applicants need not."""
PORTAL_SMS_SENDER = ""
"""Dotted path of ``send(number, text)``; without a gateway registration offers e-mail only."""
PORTAL_SHOW_SENT_MAIL = False
"""True shows what the portal would have sent on a page open to everybody: demonstration and training only."""

# Speed
PORTAL_READY_PAGES = True
"""Pages of the applicant are kept for a minute under the version of what they show (docs/performance.md)."""
