"""Letters as a hospital writes them: title, type and body. Names, places and conditions are made up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """One letter's content; `body` is HTML of the small set that the portal takes."""

    title: str
    letter_type: str
    body: str


_SIGNED = (
    "<p>Har du spørsmål, kan du ringe oss på hverdager mellom klokka 9 og 14.</p><p>Vennlig hilsen<br>Avdelingen</p>"
)

TEXTS = (
    Text(
        "Innkalling til undersøkelse av kneet",
        "innkalling",
        "<p>Du har fått time til undersøkelse hos oss.</p>"
        "<dl><dt>Tid</dt><dd>Torsdag 14. januar klokka 10.15</dd>"
        "<dt>Sted</dt><dd>Ortopedisk poliklinikk, inngang B</dd></dl>"
        "<h2>Slik forbereder du deg</h2>"
        "<ul><li>Ta med en liste over medisinene du bruker.</li>"
        "<li>Ta gjerne på deg klær som er lette å få av.</li></ul>",
    ),
    Text(
        "Innkalling til MR av ryggen",
        "radiologi",
        "<p>Legen din har henvist deg til MR. Undersøkelsen varer i omtrent 30 minutter.</p>"
        "<h2>Si fra til oss før timen hvis du</h2>"
        "<ul><li>har pacemaker eller annet metall i kroppen</li><li>er gravid</li><li>er redd for trange rom</li></ul>",
    ),
    Text(
        "Vi har vurdert henvisningen din",
        "vurdering",
        "<p>Vi har vurdert henvisningen din, og du har rett til helsehjelp hos oss.</p>"
        "<p>Du skal få hjelp innen <strong>1. april</strong>. Vi sender deg et nytt brev med tidspunktet.</p>",
    ),
    Text(
        "Svar på prøvene dine",
        "epikrise",
        "<p>Prøvene vi tok, viser ingen tegn til sykdom. Du trenger ikke å gjøre noe mer nå.</p>"
        "<table><thead><tr><th>Prøve</th><th>Svar</th></tr></thead>"
        "<tbody><tr><td>Hemoglobin</td><td>14,1</td></tr><tr><td>Kreatinin</td><td>72</td></tr></tbody></table>",
    ),
    Text(
        "Kontroll etter operasjonen",
        "innkalling",
        "<p>Vi vil gjerne se deg til kontroll seks uker etter operasjonen.</p>"
        "<p>Fram til da kan du bevege deg som vanlig, men vent med tunge løft.</p>",
    ),
)

CANARY = Text(
    "Prøvebrev",
    "innkalling",
    "<p>Dette brevet viser at portalen kan ta imot, vise og skrive ut brev. Du trenger ikke å gjøre noe.</p>",
)


def body_of(text: Text) -> str:
    """The whole body, with the closing words that every letter has."""
    return text.body + _SIGNED
