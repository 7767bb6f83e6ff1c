"""What a letter body may hold, and what its sender is told about the rest."""

import pytest

from letters.body import BodyRefused, check_body, normalise
from tests.letters_paper.samples import BODY


def codes(html: str) -> set[tuple[str, str]]:
    return {(problem.code, problem.element) for problem in check_body(html)}


def only_codes(html: str) -> set[str]:
    return {problem.code for problem in check_body(html)}


def test_an_ordinary_letter_passes_and_keeps_every_word() -> None:
    assert check_body(BODY) == []
    assert normalise(BODY).replace(" ", "").count("Fastlegendinharhenvistdeg") == 1


@pytest.mark.parametrize(
    "html",
    [
        "<p>Hei</p>",
        "Hei",
        "<p>Hei<p>Du",
        "<ul><li>en<li>to<ul><li>tre</ul></ul>",
        "<ol start='3'><li>tre</li></ol>",
        "<table><tr><th scope=row>A<td>1<tr><th scope=row>B<td>2</table>",
        "<table><caption>Priser</caption><tfoot><tr><td colspan='2' rowspan='3'>1</td></tr></tfoot></table>",
        "<p lang='se'>Bures</p><p>Hei <span lang='en'>hello</span></p>",
        "<p>H<sub>2</sub>O, m<sup>2</sup>, <b>fet</b> og <i>kursiv</i></p>",
        "<dl><dt>Tid<dd>kl. 10</dl><hr><blockquote><p>sitat</p></blockquote>",
        "<p>Ring <a href='tel:+4775123456'>75 12 34 56</a> eller <a href='mailto:post@sykehus.example'>skriv</a></p>",
        "<p>Se <a href='https://sykehus.example/a?b=1&amp;c=2#d'>siden</a></p>",
        "<p>1 < 2 &amp; 3 > 2 &aring &nbsp; R&D</p>",
        "<p>«Min helse» og [se side 2] og 50 % og #1 og a_b, null toleranse</p>",
        "<p>Ŋuolga Žilbma Đábá Ŧuvri čáhci ʒ ǩ α β → ½ ≥ CO₂</p>",
    ],
)
def test_accepted(html: str) -> None:
    assert check_body(html) == []
    assert normalise(normalise(html)) == normalise(html)


@pytest.mark.parametrize(
    ("html", "code", "element"),
    [
        ("<p>a</p><script>x()</script>", "element", "script"),
        ("<p>a<img src='x'></p>", "element", "img"),
        ("<h1>a</h1>", "element", "h1"),
        ("<p><font color=red>a</font></p>", "element", "font"),
        ("<html><body><p>a</p></body></html>", "element", "html"),
        ("<p onclick='x()'>a</p>", "attribute", "p@onclick"),
        ("<p style='position:fixed'>a</p>", "attribute", "p@style"),
        ("<p id='x'>a</p>", "attribute", "p@id"),
        ("<p class='boks'>a</p>", "class", "p@class"),
        ("<div class='boks skjult'>a</div>", "class", "div@class"),
        ("<a href='http://x.example/'>a</a>", "link", "a@href"),
        ("<a href='/brev/'>a</a>", "link", "a@href"),
        ("<a>a</a>", "link", "a@href"),
        ("<a href='https://x.example/'> </a><p>b</p>", "empty_link", "a"),
        ("<table><tr><td colspan='900'>a</td></tr></table>", "value", "td@colspan"),
        ("<p lang='norsk bokmål'>a</p>", "value", "p@lang"),
        ("<p>a<b>b</p>", "misnested", "b"),
        ("<div><p>a</p>", "unclosed", "div"),
        ("<p>a</p></div>", "stray_end", "div"),
        ("<p/>a", "self_closing", "p"),
        ("<ul><p>a</p></ul>", "misplaced", "p"),
        ("<table>a<tr><td>b</td></tr></table>", "text_misplaced", "table"),
        ("<table><tr><td><table></table></td></tr></table>a", "misplaced", "table"),
        ("<p>a</p><!-- notat -->", "comment", ""),
        ("<!DOCTYPE html><p>a</p>", "doctype", ""),
        ("<p>a</p><p class='", "malformed", "eof-in-attribute-value-single-quote"),
        ("<p " + " ".join(f"data-{n}" for n in range(99)) + ">a</p>", "malformed", "too-many-attributes"),
        ("<p lang=nb lang=en>a</p>", "malformed", "duplicate-attribute"),
    ],
)
def test_refused_by_name(html: str, code: str, element: str) -> None:
    assert (code, element) in codes(html)


def test_every_problem_is_listed_and_the_same_one_once() -> None:
    found = check_body("<h1>{{navn}}</h1><p onclick=x>a</p><p onclick=y>b</p><video></video><a href='data:x'>c</a>")
    assert {problem.code for problem in found} == {"element", "attribute", "link", "placeholder"}
    assert [problem.text for problem in found if problem.code == "attribute"] == [
        "Attributtet p@onclick er ikke tillatt i brev. (2 steder)"
    ]


@pytest.mark.parametrize("html", ["", " \n", "<p></p>", "<p>&nbsp;</p>", "<p>…</p>", "<table><tr><td></table>"])
def test_an_empty_letter_is_refused(html: str) -> None:
    assert "empty" in only_codes(html)


@pytest.mark.parametrize(
    "field",
    [
        "{{ pasient.navn }}",
        "{{",
        "{% if x %}",
        "${navn}",
        "$(dato)",
        "#{tid}",
        "{navn}",
        "{0}",
        "[[Dato]]",
        "«Navn»",
        "«Pasient_Fornavn»",
        "«TimeDato»",
        "«Adresse1»",
        "&lt;&lt;Navn&gt;&gt;",
        "&lt;navn&gt;",
        "[dato]",
        "[sett inn tid]",
        "#FELT#",
        "%NAVN%",
        "@navn@",
        "_NAVN_",
        "XXXXX",
        "Lorem ipsum",
        "{{<b>navn</b>}}",
        "MERGEFIELD",
    ],
)
def test_a_field_left_by_the_template_is_refused(field: str) -> None:
    assert "placeholder" in only_codes(f"<p>Hei {field}, velkommen.</p>")


def test_a_field_in_a_link_is_refused() -> None:
    assert "placeholder" in only_codes("<p><a href='https://x.example/{{id}}'>Se timen</a></p>")


def test_a_placeholder_with_more_than_a_name_is_not_quoted() -> None:
    found = check_body("<p>[[Ola Nordmann, født 1. januar 1980, har fått påvist noe]]</p>")
    assert [problem.text for problem in found] == ["Et felt fra malen er ikke fylt ut: [[…"]


@pytest.mark.parametrize(
    "html",
    [
        "<p>Kjære None,</p>",
        "<p>Hei ,</p>",
        "<p>Hei undefined</p>",
        "<dl><dt>Tid</dt><dd>null</dd></dl>",
        "<p>Tid: None</p>",
        "<p>[object Object]</p>",
        "<p>Møt kl. .</p>",
    ],
)
def test_a_missing_value_is_refused(html: str) -> None:
    assert only_codes(html) == {"missing_value"}


@pytest.mark.parametrize("html", ["<p>FÃ¸r timen</p>", "<p>kneet â€“ Ã¥pent</p>", "<p>f\ufffdr</p>"])
def test_text_in_the_wrong_character_set_is_refused(html: str) -> None:
    assert "encoding" in only_codes(html)


@pytest.mark.parametrize("character", ["\u202e", "\x00", "\x07", "漢", "😀", "\ue000", "\ud800", "\u2028"])
def test_a_character_that_cannot_be_printed_is_refused(character: str) -> None:
    assert "character" in only_codes(f"<p>Hei{character}</p>") or "malformed" in only_codes(f"<p>Hei{character}</p>")


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ("<p>a</p>" * 30_000, "too_large"),
        ("<p>" + "å" * 150_000, "too_large"),
        ("&amp;a" * 20_001, "too_many_entities"),
        ("<br>a" * 4_001, "too_many_elements"),
        ("<div>" * 21 + "a" + "</div>" * 21, "too_deep"),
        ("<table>" + "<tr><td>1" * 401 + "</table>", "too_many_rows"),
        ("<table>" + "<tr>" + "<td colspan=20 rowspan=20>1" * 11 + "</table>", "too_many_cells"),
        ("<p>" + "ord " * 10_001 + "</p>", "too_many_words"),
    ],
)
def test_limits(html: str, code: str) -> None:
    assert code in only_codes(html)


def test_sloppy_tables_without_end_tags_are_not_deep() -> None:
    assert check_body("<table>" + "<tr><td>1<td>2" * 300 + "</table>" + "<p>a" * 300) == []


def test_normalising_a_refused_body_says_why() -> None:
    with pytest.raises(BodyRefused) as refusal:
        normalise("<script>1</script>{{x}}")
    assert str(refusal.value) == "body_refused: element, placeholder"


def test_letters_in_two_parts_are_composed() -> None:
    assert normalise("<p>bla\u030a\u030a c\u030c</p>".replace("\u030a\u030a", "\u030a")) == "<p>blå č</p>"


def test_a_body_that_is_the_name_of_a_file_is_text(tmp_path: object) -> None:
    """The parser opens short strings that are paths; ours must never be asked to."""
    path = f"{tmp_path}/hemmelig"
    with open(path, "w", encoding="utf-8") as file:
        file.write("<p>innhold</p>")
    assert normalise(path) == path
