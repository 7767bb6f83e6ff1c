"""Ready letters for whoever tries the record system by hand."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadyText:
    """One letter ready to be sent; `body` is HTML of the small set the portal takes."""

    slug: str
    title: str
    letter_type: str
    body: str


LETTER_TYPES: tuple[tuple[str, str], ...] = (
    ("innkalling", "Innkalling til time"),
    ("radiologi", "Innkalling til bildeundersøkelse"),
    ("timeendring", "Endring av time"),
    ("avlysning", "Avlysning av time"),
    ("vurdering", "Svar på henvisning"),
    ("vedtak", "Vedtak"),
    ("epikrise", "Oppsummering etter behandling"),
    ("informasjon", "Informasjon"),
    ("tilbakemelding", "Spørsmål om din erfaring"),
)

TEXTS: tuple[ReadyText, ...] = (
    ReadyText(
        "kne",
        "Innkalling til undersøkelse av kneet",
        "innkalling",
        "<p>Du har fått time til undersøkelse av kneet.</p>\n"
        '<div class="boks"><p><strong>Torsdag kl. 10.15</strong><br>Inngang C, 3. etasje</p></div>\n'
        "<h2>Slik forbereder du deg</h2>\n"
        "<ul><li>Ta med deg en liste over medisinene du bruker.</li>"
        "<li>Ta på deg klær som er lette å få av.</li></ul>\n"
        "<p>Passer ikke timen? Gi oss beskjed så snart du kan.</p>",
    ),
    ReadyText(
        "rontgen",
        "Time til MR av ryggen",
        "radiologi",
        "<p>Du har fått time til MR av ryggen. Undersøkelsen tar omtrent 40 minutter.</p>\n"
        "<h2>Si fra til oss</h2>\n"
        "<p>Ring oss før timen hvis du har pacemaker, er gravid eller har metall i kroppen.</p>",
    ),
    ReadyText(
        "henvisning",
        "Vi har vurdert henvisningen din",
        "vurdering",
        "<p>Vi har vurdert henvisningen din. Du har rett til utredning hos oss.</p>\n"
        "<table><thead><tr><th>Hva</th><th>Når</th></tr></thead>\n"
        "<tbody><tr><td>Første time</td><td>innen 1. mars</td></tr></tbody></table>\n"
        "<p>Du kan klage på vurderingen innen fire uker.</p>",
    ),
    ReadyText(
        "samisk",
        "Bovdejupmi iskkadeapmái – Innkalling til undersøkelse",
        "innkalling",
        '<p lang="se">Don leat ožžon diimmu iskkadeapmái.</p>\n'
        "<p>Du har fått time til undersøkelse. Gi oss beskjed hvis du ønsker tolk.</p>",
    ),
    ReadyText(
        "informasjon",
        "Nye åpningstider i resepsjonen",
        "informasjon",
        "<p>Resepsjonen er åpen fra kl. 7.30 til kl. 15.30 på hverdager.</p>",
    ),
)


def ready(slug: str) -> ReadyText:
    """The text with this slug, else the first one."""
    return next((text for text in TEXTS if text.slug == slug), TEXTS[0])
