"""Word lists a verdict on two wordings rests on, shipped with the project so that no verdict depends on a corpus.

The decision made here: which words point at a time, a number or a choice (so that two notices differing in one of
them are two notices), and which capitalised words are no names although titles capitalise them.
"""

from typing import Final


def _words(lines: str) -> frozenset[str]:
    return frozenset(lines.split())


MONTHS: Final = _words(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sept sep oct nov dec "
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
)
"""Folded names of months, English and Russian (genitive, as dates print them)."""

ALSO_PLAIN_WORDS: Final = frozenset({"march", "may", "mar", "sep", "jun", "jan"})
"""Members of MONTHS that count as months only when written with a capital letter."""

WEEKDAYS: Final = _words(
    "monday tuesday wednesday thursday friday saturday sunday "
    "mon tue tues wed thu thur thurs fri "
    "понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье"
)

NUMBER_WORDS: Final = _words(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion "
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth twentieth thirtieth "
    "twice double triple half quarter dozen both ii iii iv vi vii viii ix xi xii xiii xiv xv xx"
)
"""Numbers in words and Roman numerals."""

_CONTRASTS: Final = (
    "open opened opens reopen reopened reopens closed close closes closing opening",
    "morning afternoon evening night noon midnight",
    "today tomorrow yesterday tonight",
    "before after",
    "north south east west northern southern eastern western northwest northeast southwest southeast",
    "arrival departure arrives departs arrived departed",
    "start starts started begin begins began end ends ended",
    "resume resumed resumes suspend suspended suspends cancelled canceled postponed rescheduled",
    "weekly daily monthly annual yearly quarterly",
    "upper lower",
    "winter spring summer autumn",
    "not never no",
    "accepts accepted rejects rejected confirms confirmed denies denied",
    "increase increased decrease decreased",
    "men women boys girls",
    "new old",
)
CONTRAST_GROUP: Final = {word: number for number, line in enumerate(_CONTRASTS) for word in line.split()}
"""Words of one group exclude each other: swapping one for another makes another statement, not another wording."""

NEGATIONS: Final = frozenset({"not", "never"})
"""Words whose mere presence makes another statement."""

QUALIFIERS: Final = _words(
    "north south east west northern southern eastern western upper lower former deputy acting vice democratic"
)
"""Words whose mere presence, with a capital, makes another place or person ("Korea" and "South Korea")."""

COMMON_CAPITALISED: Final = _words(
    # function words that stand first in a sentence
    "a an the this that these those it its he she we you they i our his her their my your who what when where why how "
    "which in on at by for from of to with without as and or but nor so if not no yes do does did is are was were be "
    "been has have had will would can could should may might must shall there here all any each every some such more "
    "most many much about after before during under over between against into through since until while because "
    "however moreover therefore thus also then than now again still only even just yet regarding concerning following "
    "dear ladies gentlemen good sir madam mr mrs ms dr colleagues friends question answer q "
    # what the site's titles are made of
    "embassy ambassador ambassadors press officer secretary spokesman spokeswoman spokesperson statement statements "
    "comment comments commentary remark remarks reply replies response responses answer answers interview interviews "
    "speech speeches address article articles letter letters message greeting greetings briefing conference news "
    "release releases media foreign ministry minister deputy first permanent representative president prime "
    "federation consular section department visa visas notice announcement information update updated updates "
    "official officials opening closing ceremony reception meeting meetings talks visit visits event events photo "
    "video exhibition concert round table joint session summit forum working article text full excerpts excerpt "
    "transcript opinion editorial publication newspaper daily magazine report reports fact facts key issues issue "
    "question questions answers world war day days anniversary congratulations condolences introductory closing "
    "welcome presentation discussion discussions lecture"
)
"""Folded words that are no names even when capitalised; swapping one is a change of wording."""
