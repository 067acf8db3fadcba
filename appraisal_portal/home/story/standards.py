"""What the standards of the story ask: two questions everywhere, of enterprise engineering questions of every kind and
a self-scoring sheet. Made up for the demonstration; no committee's own text.
"""

from typing import Any

EVIDENCE: list[dict[str, Any]] = [
    {"code": "diploma", "text": "学历、学位证书", "required": True},
    {"code": "present_title", "text": "现任职称资格证书", "required": False},
    {"code": "hours", "text": "继续教育学时证明", "required": True},
    {"code": "achievements", "text": "业绩成果证明材料", "required": True},
    {"code": "papers", "text": "论文、著作或技术报告", "required": False},
]
QUESTIONS: list[dict[str, Any]] = [
    {
        "code": "performance",
        "text": "请概述任现职以来最主要的业绩和贡献。",
        "hint": "写明本人所起的作用。",
    },
    {"code": "problem", "text": "请举一例您解决的技术难题。", "hint": "写明问题、办法和效果。"},
]

ENTERPRISE_QUESTIONS: list[dict[str, Any]] = [
    {
        "code": "role",
        "topic": "企业岗位情况",
        "text": "您在企业技术工作中的主要岗位是什么？",
        "text_en": "What is your main post in the technical work of the enterprise?",
        "kind": "text",
        "required": True,
        "max": "50",
    },
    {
        "code": "fields",
        "topic": "企业岗位情况",
        "text": "您的工作涉及哪些环节？",
        "text_en": "Which stages does your work cover?",
        "kind": "choices",
        "required": True,
        "choices": [
            {"text": "研发设计", "text_en": "research and design"},
            {"text": "生产工艺", "text_en": "production"},
            {"text": "质量检测", "text_en": "quality control"},
            {"text": "设备维护", "text_en": "maintenance"},
        ],
        "min": "1",
        "max": "3",
    },
    {
        "code": "post_level",
        "topic": "企业岗位情况",
        "text": "现任岗位属于哪一类？",
        "text_en": "Of which kind is your present post?",
        "kind": "choice",
        "required": True,
        "choices": [
            {"text": "技术负责人", "text_en": "technical lead"},
            {"text": "项目骨干", "text_en": "key project member"},
            {"text": "一般技术人员", "text_en": "technical staff"},
        ],
    },
    {
        "code": "projects",
        "topic": "技术业绩",
        "text": "任现职以来参加完成的技术项目数",
        "text_en": "Technical projects completed in the present title",
        "kind": "integer",
        "required": True,
        "unit": "项",
        "min": "0",
        "max": "99",
    },
    {
        "code": "benefit",
        "topic": "技术业绩",
        "text": "项目累计产生的经济效益",
        "text_en": "Economic benefit of these projects together",
        "kind": "decimal",
        "required": True,
        "hint": "以企业财务证明为准。",
        "unit": "万元",
        "min": "0",
    },
    {
        "code": "accepted_on",
        "topic": "技术业绩",
        "text": "最近一个项目的验收日期",
        "text_en": "Day on which the latest project was accepted",
        "kind": "date",
        "required": True,
        "min": "2000-01-01",
    },
    {
        "code": "patent",
        "topic": "技术业绩",
        "text": "您是否取得过授权专利？",
        "text_en": "Do you hold a granted patent?",
        "kind": "yes_no",
        "required": True,
    },
    {
        "code": "projects_table",
        "topic": "技术业绩",
        "text": "请列出最主要的项目（一至五项）",
        "text_en": "List your main projects (one to five)",
        "kind": "table",
        "required": True,
        "columns": ["项目名称", "起止年月", "本人排名"],
        "min": "1",
        "max": "5",
    },
    {
        "code": "problem",
        "topic": "技术业绩",
        "text": "请举一例您解决的技术难题。",
        "text_en": "Describe a technical problem you have solved.",
        "kind": "long",
        "required": True,
        "hint": "写明问题、办法和效果。",
        "min": "10",
        "max": "1500",
    },
]
ENTERPRISE_EVIDENCE: list[dict[str, Any]] = [
    *EVIDENCE,
    {
        "code": "patent_grant",
        "text": "专利授权证书",
        "text_en": "Patent grant",
        "required": True,
        "question": "patent",
        "answer": "yes",
    },
    {
        "code": "benefit_proof",
        "text": "企业财务部门出具的效益证明",
        "text_en": "Statement of benefit by the finance department",
        "required": True,
        "question": "benefit",
    },
]
ENTERPRISE_SHEET: list[dict[str, Any]] = [
    {
        "code": "work",
        "text": "业绩成果",
        "text_en": "Performance and achievements",
        "max": "60",
        "performance": True,
        "rows": [
            {
                "code": "lead",
                "text": "主持完成技术项目",
                "text_en": "Technical projects led",
                "counted": "count",
                "each": "10",
                "unit": "项",
                "max": "30",
                "evidence": True,
            },
            {
                "code": "award",
                "text": "获市级以上科技奖励",
                "text_en": "Science awards of the city or above",
                "counted": "yes_no",
                "max": "15",
                "evidence": True,
            },
            {
                "code": "effect",
                "text": "成果转化效益",
                "text_en": "Benefit of results put to use",
                "hint": "按企业效益证明自评。",
                "counted": "points",
                "max": "15",
                "evidence": True,
            },
        ],
    },
    {
        "code": "papers",
        "text": "学术与标准",
        "text_en": "Papers and standards",
        "max": "25",
        "rows": [
            {
                "code": "paper",
                "text": "发表专业论文",
                "text_en": "Papers published",
                "counted": "count",
                "each": "2.5",
                "unit": "篇",
                "max": "15",
                "evidence": True,
            },
            {
                "code": "standard",
                "text": "参与制定标准",
                "text_en": "Standards drafted",
                "counted": "count",
                "each": "5",
                "unit": "项",
                "max": "10",
                "evidence": True,
            },
        ],
    },
    {
        "code": "team",
        "text": "岗位贡献",
        "text_en": "Contribution to the team",
        "max": "15",
        "rows": [
            {
                "code": "training",
                "text": "带教青年技术人员",
                "text_en": "Younger colleagues trained",
                "counted": "count",
                "each": "5",
                "unit": "人",
                "max": "15",
                "evidence": False,
            },
        ],
    },
]

FARMING_SHEET: list[dict[str, Any]] = [
    {
        "code": "service",
        "text": "推广业绩",
        "text_en": "Extension work",
        "max": "60",
        "performance": True,
        "rows": [
            {
                "code": "project",
                "text": "主持推广项目",
                "text_en": "Extension projects led",
                "counted": "count",
                "each": "10",
                "unit": "项",
                "max": "30",
                "evidence": False,
            },
            {
                "code": "yield",
                "text": "增产增效",
                "text_en": "Better yields",
                "counted": "points",
                "max": "30",
                "evidence": False,
            },
        ],
    },
    {
        "code": "papers",
        "text": "论文与标准",
        "text_en": "Papers and standards",
        "max": "25",
        "rows": [
            {
                "code": "paper",
                "text": "论文、技术规程",
                "text_en": "Papers and technical rules",
                "counted": "count",
                "each": "5",
                "unit": "篇",
                "max": "25",
                "evidence": False,
            },
        ],
    },
    {
        "code": "honours",
        "text": "荣誉",
        "text_en": "Honours",
        "max": "15",
        "rows": [
            {
                "code": "award",
                "text": "获市级以上农业科技奖励",
                "text_en": "Award for agricultural science of the city or above",
                "counted": "yes_no",
                "max": "15",
                "evidence": False,
            },
        ],
    },
]

_OWN: dict[str, dict[str, Any]] = {
    "farming": {"questions": QUESTIONS, "evidence_required": EVIDENCE, "self_scoring": FARMING_SHEET},
    "enterprise": {
        "questions": ENTERPRISE_QUESTIONS,
        "evidence_required": ENTERPRISE_EVIDENCE,
        "self_scoring": ENTERPRISE_SHEET,
    },
}


def standard_of(key: str) -> dict[str, Any]:
    """Questions, evidence and sheet of a committee's standard, as the columns of a version."""
    return _OWN.get(key, {"questions": QUESTIONS, "evidence_required": EVIDENCE})
