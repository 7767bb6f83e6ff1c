"""Sixty ways to smuggle something through HTML, and none gets through."""

from xml.etree.ElementTree import Element

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letters import body_rules as rules
from letters.body import check_body, normalise
from letters.body_markup import tree

PAYLOADS = [
    "<script>alert(1)</script>a",
    "<SCRIPT SRC=//x.example/x.js></SCRIPT>a",
    "<scr<script>ipt>alert(1)</scr</script>ipt>a",
    "<img src=x onerror=alert(1)>a",
    "<img src=//x.example/pixel.gif>a",
    "<svg onload=alert(1)>a",
    "<svg><script>alert(1)</script></svg>a",
    "<svg><style><img src=x onerror=alert(1)></style></svg>a",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>a",
    "<math href='javascript:alert(1)'>a</math>",
    "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='</style><img onerror=x src>'>a",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>a",
    "<template><p>a</p></template>b",
    "<textarea><p>a</textarea>b",
    "<title><p>a</title>b",
    "<xmp><p>a</xmp>b",
    "<plaintext>a",
    "<style>@import 'https://x.example/x.css';</style>a",
    "<link rel=stylesheet href=//x.example/x.css>a",
    "<link rel=attachment href=file:///etc/passwd>a",
    "<a rel=attachment href='file:///etc/passwd'>a</a>",
    "<a rel=attachment href='https://x.example/'>a</a>",
    "<base href=//x.example/>a",
    "<meta http-equiv=refresh content='0;url=//x.example'>a",
    "<iframe src=//x.example></iframe>a",
    "<iframe srcdoc='<p>a</p>'></iframe>b",
    "<object data=file:///etc/passwd></object>a",
    "<embed src=//x.example>a",
    "<applet code=x></applet>a",
    "<audio src=x></audio><video src=x></video>a",
    "<body onload=alert(1)>a",
    "<p>a<body background=//x.example/x.png></p>",
    "<frameset><frame src=//x.example></frameset>",
    "<form action=//x.example><input name=x></form>a",
    "<button formaction=javascript:alert(1)>a</button>",
    "<select><option>a</select>b",
    "<details open ontoggle=alert(1)>a</details>",
    "<marquee onstart=alert(1)>a</marquee>",
    "<a href='javascript:alert(1)'>a</a>",
    "<a href='JaVaScRiPt:alert(1)'>a</a>",
    "<a href='java\tscript:alert(1)'>a</a>",
    "<a href='&#106;avascript:alert(1)'>a</a>",
    "<a href=' javascript:alert(1)'>a</a>",
    "<a href='\x01javascript:alert(1)'>a</a>",
    "<a href='data:text/html,<script>1</script>'>a</a>",
    "<a href='vbscript:x'>a</a>",
    "<a href='file:///etc/passwd'>a</a>",
    "<a href='https://bank.example@x.example/'>a</a>",
    "<a href='https:x.example'>a</a>",
    "<a href='https://x.example\\@y.example'>a</a>",
    "<a href='//x.example/'>a</a>",
    "<a href='https://x.example/' target=_blank onfocus=alert(1) autofocus>a</a>",
    "<p style='background:url(//x.example/x.png)'>a</p>",
    "<div style='position:fixed;inset:0'>a</div>",
    "<table background='//x.example/x.png'><tr><td>a</td></tr></table>",
    "<td background=x>a</td>",
    "<p>a<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<p>a<![CDATA[<script>alert(1)</script>]]>",
    "<?xml-stylesheet href='//x.example/x.css'?><p>a</p>",
    "<p>a</p><!--><img src=x onerror=alert(1)>-->",
    "<p>a</p></p><p onmouseover=alert(1)>b",
    "<table><a href='https://x.example/'>a</a></table>b",
    "<a href='https://x.example/'><table><a href='https://y.example/'>a</a></table></a>",
    "<b><i></b>a</i>",
    "<p>a</p><li><custom-element>b</custom-element>",
    "<p is='x-evil'>a</p>",
    "<p slot=x part=y>a</p>",
    "<p>a\x00<scr\x00ipt>alert(1)</script>",
    "<p>&#" + "9" * 5_000 + ";a</p>",
    "<" + "a" * 100_000 + ">b",
    "<p " + " ".join(f"a{number}=1" for number in range(3_000)) + ">b</p>",
    "<div>" * 30_000 + "a",
    "<b>" * 5_000 + "a",
]


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_refused(payload: str) -> None:
    assert check_body(payload) != []


def test_there_are_sixty_at_least() -> None:
    assert len(set(PAYLOADS)) >= 60


def harmless(body: Element) -> bool:
    for element in list(body.iter())[1:]:
        if element.tag not in rules.ELEMENTS:
            return False
        if any(rules.attribute_verdict(element.tag, name, value) for name, value in element.attrib.items()):
            return False
    return True


fragments = st.sampled_from(
    [
        *(f"<{name}>" for name in sorted(rules.ELEMENTS)),
        *(f"</{name}>" for name in sorted(rules.ELEMENTS)),
        *("<script>", "</script>", "<svg>", "<math>", "<style>", "</p>", "<!--", "-->", "<template>", "<mtext>"),
        *("<a href='https://x.example/'>", "<a href='javascript:1'>", "<p onclick=x>", "<div class='boks'>"),
        *("<td colspan=2>", "tekst", " ", "&lt;", "&amp;lt;script&gt;", "a\u030a", "\u00a0", "<", ">", "&", "'", '"'),
    ]
)
soup = st.lists(fragments, max_size=25).map("".join)


@settings(max_examples=500, deadline=None)
@given(st.one_of(soup, st.text(max_size=80)))
def test_what_passes_is_harmless_in_a_browser_and_settles_at_once(html: str) -> None:
    if check_body(html):
        return
    written = normalise(html)
    assert normalise(written) == written
    assert harmless(tree(written))
    assert harmless(tree(f"<div>{written}</div>"))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["<p>a</p>", "<ul><li>b</li></ul>", "<b>c</b>", "d &amp; e", "<br>"]), min_size=1))
def test_well_formed_bodies_pass_unchanged(parts: list[str]) -> None:
    html = "".join(parts)
    if not any(character.isalpha() for character in nh3.clean(html, tags=set())):
        return
    assert normalise(html) == html
