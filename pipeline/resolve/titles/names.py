"""The words that tell a person's name from an office: given names, and the nouns that end an office.

Lists to read and to extend; nothing is derived here. The given names are those of Russian officials in the spellings
the site uses, and common ones of their counterparts; a surname after an office needs no list.
"""

_GIVEN_NAMES = (
    # Russian, in the usual romanisations
    "albert aleksandr aleksandra aleksei aleksey alexander alexandr alexandra alexei alexey alina alla "
    "anastasia anatoliy anatoly andrei andrey anna anton antonina arkadi arkady arsen artem artur artyom "
    "boris daniil daria denis dmitri dmitriy dmitry eduard ekaterina elena eleonora elizaveta elvira "
    "evgeni evgeny galina gennadiy gennady georgi georgy gleb grigory ignat igor ilya inna irina ivan "
    "khasan kirill klavdia konstantin ksenia larisa leonid lev ludmila lyubov lyudmila maksim marat maria "
    "marina mikhail nadezhda natalia natalya nikita nikolai nikolay nina oleg olga pavel petr polina "
    "pyotr radik ramzan rashid roman ruslan rustam semyon sergei sergej sergey sofia stanislav stepan "
    "svetlana taras tatiana tatyana timur vadim valentin valentina valeria valeriy valery vasiliy vasily "
    "vassily venyamin vera veronika victor viktor viktoria vitali vitaliy vitaly vladimir vladislav "
    "vsevolod vyacheslav yana yaroslav yegor yekaterina yelena yelizaveta yevgeni yevgenia yevgeny yulia "
    "yuri yuriy yury zhanna zinaida zoya zurab "
    # elsewhere
    "abdul abdullah adam ahmad ahmed aidan alan alastair alberto alice alistair amber andreas andrew "
    "angela ann anne anthony antonio antony barack ben bernard bill brian carl carlos charles chris "
    "christopher daniel david dilma dominic donald douglas edward elizabeth emma emmanuel eric ernest "
    "federica federico francois frank franklin frans françois fraser gavin george gerard giorgi gordon "
    "graham grzegorz guido hassan helen henry hugh hussein ian ibrahim ivica jacek jack james jan jane "
    "jean jens jeremy joe john jonathan jose joseph josé juan julian karen karin keith kevin kofi laura "
    "laurent liam louise luigi luis margaret mario martin mary matteo matthew mevlut michael michel mike "
    "mohammad mohammed muhammad narendra nicola nicolas nigel oliver paul pedro peter petro philip pierre "
    "piotr rainer rex richard robert ronald rory salman sam samantha sarah sebastian shinzo sigmar simon "
    "stefan stephen steven susan theresa thomas tim tobias tom tony victoria volodymyr walid william "
    "wolfgang yves zbigniew"
)
GIVEN_NAMES: frozenset[str] = frozenset(_GIVEN_NAMES.split())
"""Case-folded."""

HONORIFICS: frozenset[str] = frozenset(
    {"mr", "mrs", "ms", "dr", "prof", "professor", "h.e", "he", "his", "her", "excellency", "sir"}
)
"""Case-folded, without a final full stop: words before a name that belong to neither name nor office."""

PARTICLES: frozenset[str] = frozenset(
    {"al", "bin", "ibn", "da", "de", "del", "der", "di", "dos", "el", "la", "le", "ter", "van", "von"}
)
"""Small words inside a name."""

OFFICES = (
    "press officer", "press secretary", "press attaché", "press attache", "prime minister",
    "minister-counsellor", "minister counsellor", "foreign minister", "minister", "ambassador",
    "ambassador-at-large", "president", "vice president", "vice-president", "spokesperson", "spokesman",
    "spokeswoman", "permanent representative", "representative", "envoy", "consul general", "consul-general",
    "consul", "secretary-general", "secretary general", "secretary of state", "secretary", "director-general",
    "director general", "director", "head", "chief", "chairman", "chairwoman", "chairperson", "chair",
    "speaker", "attaché", "attache", "counsellor", "counselor", "chargé d'affaires", "charge d'affaires",
    "chargé d'affaires a.i.", "governor", "mayor", "commissioner", "advisor", "adviser", "aide", "chancellor",
    "patriarch", "metropolitan", "senator", "academician", "coordinator", "trade representative",
)  # fmt: skip
"""Nouns that end an office, in small letters."""

LINKS: frozenset[str] = frozenset({"of", "the", "to", "for", "and", "in", "a.i.", "ad", "interim"})
"""Small words inside an office ("Permanent Representative of Russia to the OSCE")."""

STOPS: frozenset[str] = LINKS | {"on", "at", "by", "with", "from", "under", "during"}
"""Small words that end a name, in a title of capitals too."""

QUALIFIERS: frozenset[str] = frozenset(
    {
        "spokesperson",
        "spokesman",
        "spokeswoman",
        "press",
        "officer",
        "secretary",
        "attaché",
        "minister",
        "ambassador",
        "head",
    }
)
"""Words of an office that the site also prints in small letters ("Embassy spokesperson", "Kremlin spokesman")."""
