"""Invented language from a seeded generator: every name, sentence and headline of the simulated site is made here.

States, cities and months are real words, because rules read them; persons, outlets and what is said are invented.
The lists are long enough that two texts written apart share no sentence, as on the real site.
"""

import random
import re
from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split())


ADJECTIVES = _split(
    """
    balanced bilateral cautious careful constructive cultural detailed durable energetic evident faithful firm
    fruitful further genuine gradual historic honest humanitarian joint lasting legal lively local measured mutual
    national natural official open orderly patient peaceful practical precise previous prudent public regional
    relevant reliable renewed respectful seasonal serious sincere steady strategic sustained technical thorough
    timely traditional transparent unhurried unilateral useful valuable voluntary wider working academic maritime
    northern southern eastern western annual interim written verbal informal preliminary
    """
)
NOUNS = _split(
    """
    agenda agreement airport archive ballet border budget calendar choir church climate committee concert conference
    consulate council dialogue delegation economy embassy energy exchange exhibition expedition festival film forum
    friendship gallery garden harbour harvest heritage industry inquiry institute journey language library market
    meeting memorial ministry mission monument museum negotiation opera orchestra parliament partnership pipeline
    plaque portrait procedure programme project proposal protocol province publication railway recital region
    register report request research response road sanction school science season security seminar settlement ship
    station summit survey symposium tariff theatre tournament trade tradition training treaty university vessel
    village visa vote winter workshop youth
    """
)
PLURALS = _split(
    """
    actors airlines authors aviators businesses captains children citizens colleagues companies composers
    correspondents dancers designers diplomats doctors editors engineers experts explorers families farmers
    fishermen friends gardeners guests historians journalists judges lawyers librarians musicians observers officers
    painters partners passengers pensioners pilots poets professors pupils readers researchers sailors scholars
    scientists seafarers singers specialists sportsmen students teachers tourists translators travellers veterans
    visitors volunteers witnesses writers
    """
)
VERBS = _split(
    """
    accepted announced answered approved arranged assessed awaited broadened checked clarified completed confirmed
    considered continued corrected criticised debated deferred described discussed drafted encouraged endorsed
    examined explained extended favoured followed funded hosted improved inspected launched maintained mentioned
    noted observed opened organised outlined planned postponed praised prepared presented preserved prolonged
    proposed questioned raised recalled received recommended recorded rejected renewed repaired reported restored
    resumed reviewed revived simplified strengthened studied submitted summarised supported suspended translated
    updated verified visited welcomed
    """
)
TOPICS = tuple(
    f"the {first} {second}"
    for first in (
        "arms control", "air traffic", "ballet", "border river", "chess", "customs", "cyber", "extradition",
        "fisheries", "football", "grain", "harbour", "heritage", "honey", "icebreaker", "library", "memorial",
        "museum", "peat bog", "pipeline", "polar", "railway", "satellite", "school", "seabed", "shipping",
        "student", "tax", "tea", "visa", "whale", "wool",
    )
    for second in (
        "agreement", "allegations", "audit", "conference", "corridor", "dispute", "exchange", "expedition",
        "inquiry", "plaque", "quota", "request", "seizure", "survey", "talks", "tournament",
    )
)  # fmt: skip
COUNTRIES = (
    "Albania", "Algeria", "Angola", "Argentina", "Armenia", "Austria", "Azerbaijan", "Bangladesh", "Belarus",
    "Belgium", "Bolivia", "Botswana", "Brazil", "Bulgaria", "Cameroon", "Chile", "Colombia", "Croatia", "Cuba",
    "Cyprus", "Denmark", "Ecuador", "Egypt", "Eritrea", "Ethiopia", "Finland", "France", "Gabon", "Georgia",
    "Ghana", "Greece", "Guyana", "Hungary", "Iceland", "India", "Indonesia", "Iraq", "Ireland", "Italy", "Jamaica",
    "Japan", "Jordan", "Kenya", "Kuwait", "Latvia", "Lebanon", "Lesotho", "Malaysia", "Malta", "Mexico",
    "Mongolia", "Morocco", "Namibia", "Nepal", "Nicaragua", "Nigeria", "Norway", "Oman", "Pakistan", "Panama",
    "Peru", "Portugal", "Qatar", "Romania", "Rwanda", "Senegal", "Serbia", "Slovenia", "Spain", "Sudan",
    "Suriname", "Sweden", "Thailand", "Tunisia", "Uganda", "Uruguay", "Vietnam", "Zambia", "Zimbabwe",
    "the Republic of Burundi", "the Kingdom of Bahrain", "the Republic of Moldova", "the Kyrgyz Republic",
)  # fmt: skip
CITIES = (
    "Moscow", "London", "Geneva", "Vienna", "New York", "Accra", "Ankara", "Astana", "Baku", "Bangkok", "Beijing",
    "Belgrade", "Berlin", "Bratislava", "Cairo", "Doha", "Dublin", "Dushanbe", "Hanoi", "Havana", "Helsinki",
    "Kazan", "Lima", "Lisbon", "Luanda", "Madrid", "Minsk", "Munich", "Nairobi", "New Delhi", "Nicosia", "Oslo",
    "Paris", "Prague", "Rabat", "Rome", "Santiago", "Sochi", "St Petersburg", "Tashkent", "Tokyo", "Tunis",
    "Ulaanbaatar", "Valletta", "Vladivostok", "Windhoek", "Yerevan", "Zagreb",
)  # fmt: skip
UK_CITIES = (
    "Aberdeen", "Belfast", "Birmingham", "Bristol", "Cardiff", "Coventry", "Dundee", "Edinburgh", "Glasgow",
    "Inverness", "Leeds", "Liverpool", "Manchester", "Norwich", "Plymouth", "Sheffield", "Swansea", "York",
)  # fmt: skip
OUTLETS = tuple(
    f"{first} {second}"
    for first in (
        "Northern", "Harbour", "Baltic", "Evening", "Island", "Capital", "Continental", "Meridian", "Olive", "Summit",
    )
    for second in ("Courier", "Gazette", "Herald", "Mirror", "Observer", "Post", "Review", "Tribune", "Telegraph")
)  # fmt: skip
_FIRST_NAMES = (
    "Alina", "Amara", "Anton", "Arkady", "Bakari", "Boris", "Camila", "Chen", "Dalia", "Daniil", "Diego", "Elena",
    "Emre", "Farah", "Gleb", "Hana", "Henrik", "Idris", "Igor", "Ines", "Ivo", "Jana", "Kofi", "Kirill", "Lena",
    "Leonid", "Lucia", "Marco", "Mikhail", "Nadia", "Noor", "Oleg", "Omar", "Pavel", "Petra", "Priya", "Rafael",
    "Rustam", "Samira", "Stepan", "Tamar", "Thandi", "Ulf", "Vadim", "Vera", "Yusuf", "Zoran", "Zlata",
)  # fmt: skip
_SURNAME_STARTS = (
    "Abar", "Bel", "Bori", "Cal", "Dar", "Dov", "Eri", "Fal", "Gar", "Hal", "Ilm", "Jas", "Kal", "Kor", "Lam",
    "Lind", "Mar", "Mend", "Nar", "Nov", "Oke", "Osk", "Pal", "Rad", "Riv", "Sal", "Sel", "Tam", "Tol", "Ubo",
    "Var", "Vel", "Wen", "Yar", "Zab", "Zor",
)  # fmt: skip
_SURNAME_ENDS = (
    "adze", "ak", "ani", "anov", "aras", "berg", "chenko", "dottir", "elli", "enko", "eshi", "etti", "idis",
    "ikov", "inen", "insky", "ira", "ito", "omar", "onde", "osa", "ovic", "oyan", "uma", "ussa", "yev",
)  # fmt: skip
SURNAMES = tuple(start + end for start in _SURNAME_STARTS for end in _SURNAME_ENDS)

FOREIGN_MINISTER = "Arkady Velinsky"
"""The simulated site's foreign minister: invented, as everybody on it."""
AMBASSADORS = (("Leonid Garanov", date(2019, 8, 31)), ("Stepan Tolikov", date(9999, 12, 31)))
"""Name and last day in office."""
OFFICIALS = (
    ("Deputy Foreign Minister", "Rustam Korinsky"),
    ("Deputy Foreign Minister", "Vera Novanov"),
    ("Permanent Representative of Russia to the OSCE", "Gleb Marikov"),
    ("Official Representative of the Ministry", "Zlata Yarinsky"),
    ("Consul General", "Daniil Salenko"),
)

_SENTENCES = (
    "The {a} {n} {v} the {n} on {t}, while the {a} {n} in {y} {v} {d} {p}.",
    "We {v} {t} with our {p} from {c} and {v} the {a} {n}.",
    "In {w} the {n} of {c} {v} the {a} {n}, and {d} {p} {v} it.",
    "I would like to note that {m} “{v}” the {a} {n} back in {w}.",
    "Our {a} {p} in {y} have {v} {t} more than once.",
    "According to the {o}, {p} from {c} {v} the {n} – and {p} in {y} {v} it too.",
    "The {n}’s {a} {n} was {v} by {m} in {y}.",
    "It is symbolic that the {a} {n} was {v} in the year of the {n}.",
    "The {p} and the {p} {v} the {n} without a single {n}.",
    "Today the {a} {n} is {v} again, as it was in {w} under {m}.",
    "Neither the {n} nor the {a} {n} has been {v} by the {p} of {c}.",
    "We proceed from the fact that the {n} should be {v}, not {v}.",
    "About {d} {p} took part in the {a} {n}; {d} of them came from {y}.",
    "On the whole, the {a} {n} was {v} and the {n} of {t} {v}.",
    "As {m} wrote in the {o}, “the {a} {n} cannot be {v} twice”.",
    "There are {a} plans to have the {n} {v} before the {n} in {y} opens.",
    "The Embassy has {v} a {n} on {t} and expects the {a} {n} of the {p}.",
    "Trade in {p}’ goods with {c} rose by {d} percent, the {n} was {v}.",
    "The {a} {p} asked {m} whether the {n} had been {v}; the {n} said it had.",
    "What the {o} calls the {a} {n} is in fact another {a} {n}.",
    "The {n} has {v} the {a} {n} since {w}.",
    "Let me suggest that the {p} of {c} have {v} the {a} {n} of {t}.",
    "Another {a} {n} with {c} will be {v} once the {n} is {v}.",
    "{m} and {m} {v} the {n} in {y}, the {p} {v} it in {y}.",
    "The {n} was {v}: the {a} {n}, the {n} and the {a} {p}.",
    "We regret that the {n} on {t} was {v} without the {p}.",
)
_RARE_SENTENCES = (
    "The {n} – so said the {p} - was {v} in {y}.",
    "The file bears the number {d}-28-09-2018 and was {v} by the {p}.",
    "The word «{k}» stands over the {n} in {y}.",
    "See paragraph {d}.{e} of the {a} {n}, {v} on 1{e}.09.2013.",
)
_QUESTIONS = (
    "How would you comment on the {a} {n} that {p} of {c} {v}?",
    "Has the {n} on {t} been {v} by the {p}, and will {m} be {v} in {y}?",
    "The {o} reported that the {a} {n} was {v}. What does the Embassy say to the {p}?",
    "Some {p} in {y} have {v} {t}. Can you comment on this?",
    "Is it realistic to have the {a} {n} {v} before {w} is over?",
    "Why was the {n} of {c} {v} while {d} {p} waited?",
)
_GREETINGS = (
    "Ladies and gentlemen,", "Good afternoon,", "Colleagues,", "Mr Chairperson, Ladies and Gentlemen,",
    "Dear friends,", "Good morning, Colleagues,", "Your Excellencies,",
)  # fmt: skip

Template = tuple[tuple[str, tuple[str, ...] | None], ...]


def _people(rng: random.Random, count: int) -> tuple[str, ...]:
    return tuple(f"{rng.choice(_FIRST_NAMES)} {rng.choice(SURNAMES)}" for _ in range(count))


_SLOTS: dict[str, tuple[str, ...]] = {
    "a": ADJECTIVES,
    "n": NOUNS,
    "p": PLURALS,
    "v": VERBS,
    "t": TOPICS,
    "c": COUNTRIES,
    "y": CITIES + UK_CITIES,
    "o": OUTLETS,
    "m": _people(random.Random(1), 4000),
    "d": tuple(str(number) for number in range(2, 999)),
    "e": tuple("123456789"),
    "w": tuple(str(year) for year in range(1946, 2014)),
    "k": ("Мир", "Победа", "Спутник", "Дружба", "Восток", "Москва"),
}


def _compile(sentence: str) -> Template:
    pieces = re.split(r"\{(\w)\}", sentence)
    slots = [_SLOTS[letter] for letter in pieces[1::2]]
    return tuple(zip(pieces[::2], [*slots, None], strict=True))


_COMPILED = tuple(_compile(sentence) for sentence in _SENTENCES)
_COMPILED_RARE = tuple(_compile(sentence) for sentence in _RARE_SENTENCES)
_COMPILED_QUESTIONS = tuple(_compile(sentence) for sentence in _QUESTIONS)


class Pen:
    """Writes words, names and sentences; all that it writes follows from its generator."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def pick(self, words: tuple[str, ...]) -> str:
        """One of the words."""
        return words[int(self.rng.random() * len(words))]

    def chance(self, rate: float) -> bool:
        """True at the rate."""
        return self.rng.random() < rate

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.rng.random() * (high - low + 1))

    def name(self) -> str:
        """An invented person."""
        return self.pick(_SLOTS["m"])

    def greeting(self) -> str:
        """How a speech opens."""
        return self.pick(_GREETINGS)

    def headline(self) -> str:
        """A headline of three or four words."""
        return (
            f"{self.pick(NOUNS).title()} and {self.pick(NOUNS).title()}: the {self.pick(ADJECTIVES)} {self.pick(NOUNS)}"
        )

    def sentence(self) -> str:
        """A statement of one sentence; one in eighty holds what a rule may trip over."""
        pool = _COMPILED if self.rng.random() > 0.0125 else _COMPILED_RARE
        return self._fill(pool[int(self.rng.random() * len(pool))])

    def question(self) -> str:
        """A journalist's question."""
        return self._fill(_COMPILED_QUESTIONS[int(self.rng.random() * len(_COMPILED_QUESTIONS))])

    def sentences(self, low: int, high: int) -> tuple[str, ...]:
        """Low to high statements."""
        return tuple(self.sentence() for _ in range(self.between(low, high)))

    def _fill(self, template: Template) -> str:
        roll = self.rng.random
        return "".join(
            [literal if words is None else literal + words[int(roll() * len(words))] for literal, words in template]
        )


def day_month_year(day: date) -> str:
    """5 November 2019, as British titles print it."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def month_day_year(day: date) -> str:
    """November 5, 2019, as most titles print it."""
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def ambassador(day: date) -> str:
    """Who is ambassador on the day."""
    return next(name for name, last in AMBASSADORS if day <= last)
