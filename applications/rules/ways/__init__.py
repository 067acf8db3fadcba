"""By which way a title is reached (申报途径): the same functions answer the public questions and judge a declaration.

``facts``: what is known of a person, from answers or from a declaration. ``conditions``: what each way asks for, every
reason in words. ``unclear``: what only the office can answer. ``verdicts``: all ways side by side, with the way out
where a rule leaves one.
"""

from .conditions import CONDITIONS, everywhere
from .facts import LADDER, Degree, Entry, Expert, Facts, Held, entry_of, facts_of, years_asked, years_between
from .verdicts import State, Verdict, verdicts

__all__ = [
    "CONDITIONS",
    "LADDER",
    "Degree",
    "Entry",
    "Expert",
    "Facts",
    "Held",
    "State",
    "Verdict",
    "entry_of",
    "everywhere",
    "facts_of",
    "verdicts",
    "years_asked",
    "years_between",
]
