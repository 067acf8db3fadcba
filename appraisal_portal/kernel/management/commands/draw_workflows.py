"""Write docs/workflows.md from the tables: states, transitions, who, guards, whom it tells, and a diagram each."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from appraisal_portal.kernel.workflow import NEW, SAME, Transition, Workflow

HEAD = """# Workflows

Generated from the tables in `*/workflow*` by `python3 manage.py draw_workflows`; do not edit by hand, CI compares.
"⟵" means: fired only by that transition of a later stage. R: a reason is required.
"""


class Command(BaseCommand):
    """``--check`` compares instead of writing and fails on a difference."""

    help = "Write docs/workflows.md from the workflow tables."

    def add_arguments(self, parser: CommandParser) -> None:
        """One switch."""
        parser.add_argument("--check", action="store_true", help="fail when the file is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw every workflow in the order of its label's app."""
        path = Path(settings.BASE_DIR) / "docs" / "workflows.md"
        with translation.override("en"):
            text = HEAD + "".join(_section(flow) for flow in Workflow.registry.values())
        if not options["check"]:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"{path.name}: {len(Workflow.registry)} workflows")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            raise CommandError("docs/workflows.md is stale: run python3 manage.py draw_workflows")


def _section(flow: Workflow) -> str:
    title = " ".join((flow.model.__doc__ or "").strip().split("\n\n")[0].split())
    lines = [f"\n## {flow.label}\n", f"{title}\n", "```mermaid", "stateDiagram-v2"]
    for row in flow.transitions.values():
        for source in row.sources:
            target = source if row.target is SAME else row.target
            lines.append(f"    {source or '[*]'} --> {target}: {row.name}")
    lines += ["```", "", "| transition | source → target | who | guards | tells |", "|---|---|---|---|---|"]
    lines += [_row(row) for row in flow.transitions.values()]
    return "\n".join(lines) + "\n"


def _row(row: Transition) -> str:
    sources = ", ".join(source if source != NEW else "(created)" for source in row.sources)
    target = "(as it is)" if row.target is SAME else row.target
    who = " or ".join(
        [*([str(row.allowed)] if row.allowed.name != "nobody" else []), *(f"⟵ {d}" for d in row.driven_by)]
    )
    guards = [getattr(guard, "__name__", type(guard).__name__) for guard in row.guards]
    guards += [f"paper {code}" for code in row.papers] + (["R"] if row.needs_reason else [])
    tells = "; ".join(tell.who or str(tell.subject) for tell in row.tells)
    cells = [row.name, f"{sources} → {target}", who, ", ".join(guards), tells]
    return "| " + " | ".join(cell.replace("|", "or") for cell in cells) + " |"
